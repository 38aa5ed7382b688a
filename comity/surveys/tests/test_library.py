"""The surveys to begin with: each can be made and sent as it is, in both languages."""

from __future__ import annotations

from comity.core.errors import DomainError
from comity.surveys.drivers import DRIVERS
from comity.surveys.models import Question, Survey
from comity.surveys.services import building
from comity.surveys.services.building import surveys
from comity.testing.cast import CastTestCase


class Library(CastTestCase):
    def test_each_is_built_and_frozen_as_it_stands(self) -> None:
        for template in surveys.templates():
            with self.subTest(template.key):
                survey = building.create_survey(template=template.key, by=self.cora)
                version = building.freeze(survey.versions.get(), by=self.cora)
                asked = list(version.questions.values_list("key", flat=True))
                self.assertEqual(asked, [question["key"] for question in template.questions])
                self.assertEqual((survey.name, survey.purpose), (template.name, template.purpose))

    def test_everything_is_said_in_spanish_too(self) -> None:
        for template in surveys.templates():
            survey = building.create_survey(template=template.key, by=self.cora)
            draft = survey.versions.get()
            with self.subTest(template.key):
                self.assertTrue(draft.title_es and draft.intro_es and draft.thanks_es)
                self.assertEqual(
                    [each.key for each in draft.questions.all() if building.without_spanish(each)], []
                )

    def test_the_annual_one_has_seven_drivers_of_one_rating_to_be_compared(self) -> None:
        survey = building.create_survey(template="annual", by=self.cora)
        questions = Question.objects.filter(version__survey=survey)
        drivers = list(questions.exclude(driver="").values_list("driver", flat=True))
        self.assertEqual(drivers, ["trust", "need", "ease", "time", "clarity", "staff", "value"])
        self.assertEqual(questions.get(outcome=True).key, "overall")
        self.assertEqual(questions.filter(core=True).count(), 8)
        self.assertEqual(
            set(questions.filter(core=False).values_list("kind", flat=True)), {"recommend", "text"}
        )

    def test_every_driver_there_has_a_name(self) -> None:
        named = {question.get("driver", "") for each in surveys.templates() for question in each.questions}
        self.assertLessEqual(named - {""}, set(DRIVERS))

    def test_the_pulse_shows_the_boxes_that_go_with_its_rating(self) -> None:
        survey = building.create_survey(template="pulse", by=self.cora)
        rating, well, badly, _words = Question.objects.filter(version__survey=survey)
        for given, shown in ((5, [well]), (4, [well]), (3, [badly]), (1, [badly])):
            answers = {rating.key: given}
            self.assertEqual([each for each in (well, badly) if each.is_asked(answers)], shown)

    def test_a_name_of_ones_own_and_twice_the_same_template(self) -> None:
        building.create_survey(template="annual", by=self.cora)
        second = building.create_survey(template="annual", name="Of the counties", by=self.cora)
        self.assertEqual((second.name, Survey.objects.count()), ("Of the counties", 2))

    def test_one_that_is_not_there_is_refused_with_those_that_are(self) -> None:
        with self.assertRaisesMessage(DomainError, "annual, visit, pulse, ticket"):
            building.create_survey(template="exit", by=self.cora)
        self.assertFalse(Survey.objects.exists())
