"""The one error a person reads."""


class DomainError(Exception):
    """Something a person asked for cannot be done; the text says why, in a sentence fit to read.

    field  the fact it is about, by its name, so that a form can say it beside its field; "" for none
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
