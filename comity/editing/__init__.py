"""The one way to enter a row, to change it, and to answer a form about it.

    class TierForm(RowForm):
        class Meta(RowForm.Meta):
            model = VisitTier
            fields = ("name", "every_days")

    @requires(MANAGE)
    def edit(request: Request, pk: int) -> HttpResponse:
        tier = get_object_or_404(VisitTier, pk=pk)
        form = TierForm(request.POST or None, instance=tier)
        return answer(
            request, form, lambda: services.change_tier(pk, form.values, by=request.user, seen=form.seen),
            page="office/tier.html", told=_("Saved."), to="office:tiers",
        )

    def change_tier(tier_id: int, values: Values, *, by: User, seen: Values | None = None) -> VisitTier:
        return change(VisitTier.objects.all(), tier_id, values, by=by, action=CHANGE_TIER, seen=seen).row

`answer` lives in `editing.answering`, `RowForm` in `editing.forms`, `change` and `create` in `editing.changing`. A page that
is odd writes what it needs by hand; each of them stands by itself. Of rows that are all entered, changed and removed
alike, `editing.keeping` says it once.
"""
