"""What the office offers, and what it keeps beside that."""

from comity.services.models.kept import (
    CostCenter,
    CustomerClass,
    CustomerClassQuerySet,
    DataClass,
    Fund,
    OfficeRow,
    Subject,
    in_language,
)
from comity.services.models.offered import Edition, Offering, OfferingQuerySet, Service, ServiceQuerySet

__all__ = [
    "CostCenter",
    "CustomerClass",
    "CustomerClassQuerySet",
    "DataClass",
    "Edition",
    "Fund",
    "Offering",
    "OfferingQuerySet",
    "OfficeRow",
    "Service",
    "ServiceQuerySet",
    "Subject",
    "in_language",
]
