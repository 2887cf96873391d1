"""The facts of an institution by topic, as its page and its form group them."""

from django.utils.translation import gettext_lazy as _

TOPICS = (
    (_("基本情况"), "basics",
     ("name", "uscc", "registered", "filed", "kind", "operation", "address", "township", "neighbourhood")),
    (_("人员与规模"), "people",
     ("legal_representative", "principal", "investor", "phone", "n_beds", "n_residents")),
    (_("收费与营销"), "fees", ("monthly_fee", "charging", "marketing", "false_publicity", "promises_return")),
    (_("预付费"), "prepayment",
     ("takes_prepayment", "large_stated", "max_prepayment", "prepaid_months", "prepaid_total", "n_prepayers",
      "n_large_prepayers", "funds_use", "funds_regular", "funds_for_construction")),
    (_("经营与资产"), "assets",
     ("assets", "liabilities", "stable", "n_new_outlets_3y", "n_rep_changes_3y", "n_address_changes_3y",
      "related_companies", "related_dealings")),
    (_("信用与风险"), "risk",
     ("prosecuted", "complained", "complaint_verified", "blacklisted", "suspected_crime", "collapsed",
      "bad_influence", "major_opinion")),
    (_("排查"), "survey", ("surveyed_on", "survey_method", "surveyor")),
)  # fmt: skip
"""Title, anchor, and the facts in their order."""
