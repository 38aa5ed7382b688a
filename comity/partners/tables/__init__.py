"""The lists of this room: their columns, filters and what their CSV holds."""

from comity.partners.tables.assignments import assignments_table
from comity.partners.tables.partners import partners_table
from comity.partners.tables.people import people_csv, people_table
from comity.partners.tables.posts import posts_table
from comity.partners.tables.vacancies import vacancies_table
