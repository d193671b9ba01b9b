-- What Power BI and other tools read: published figures only, with small numbers left out. Give the
-- tool a database user who may read these views and nothing else. Use one period_kind, agency_kind
-- and form at a time: parts and sums stand beside each other. A figure without a row was nought.

-- Every figure. value is empty where symbol is [c]: left out because it is small.
CREATE VIEW bi_figures AS
SELECT
  figures.measure AS measure,
  figures.category AS category,
  figures.period AS period,
  CASE
    WHEN figures.period LIKE '%/%' THEN 'year'
    WHEN figures.period LIKE '%Q%' THEN 'quarter'
    ELSE 'month'
  END AS period_kind,
  figures.agency AS agency,
  CASE
    WHEN figures.agency = 'all' THEN 'all'
    WHEN figures.agency LIKE 'group:%' THEN 'group'
    ELSE 'agency'
  END AS agency_kind,
  figures.form AS form,
  figures.value AS value,
  CASE WHEN figures.value IS NULL THEN '[c]' ELSE '' END AS symbol
FROM published_figures AS figures
WHERE figures.publication_id IN (SELECT id FROM publications);

-- The same by month, with the month's first day for a calendar.
CREATE VIEW bi_months AS
SELECT measure, category, period || '-01' AS first_day, agency, agency_kind, form, value, symbol
FROM bi_figures
WHERE period_kind = 'month';

-- The agencies and groups that the figures name.
CREATE VIEW bi_agencies AS
SELECT id AS agency, name AS agency_name, kind, source_code, "group" AS agency_group
FROM agencies;

-- When the figures were published, and which months each time; no month is published twice.
CREATE VIEW bi_publications AS
SELECT made_at, first_month, last_month FROM publications;
