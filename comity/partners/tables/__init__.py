"""The lists of this room: their columns, filters and what their CSV holds."""

from comity.partners.tables.partners import assignments_table, partners_table
from comity.partners.tables.people import people_csv, people_table
from comity.partners.tables.posts import posts_table, vacancies_table
