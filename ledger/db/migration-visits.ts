/** When each source is visited next, and how long its publishers ask to be left alone. */
export const VISITS = {
  version: 6,
  name: 'planned visits',
  up: `
ALTER TABLE sourcelink.source_state ADD COLUMN next_visit_at timestamptz, ADD COLUMN next_visit_why text,
  ADD COLUMN planned_by text, ADD COLUMN asked_at timestamptz;
CREATE INDEX source_due ON sourcelink.source_state (next_visit_at);
ALTER TABLE sourcelink.endpoint ADD COLUMN rest_ms int;
`,
  down: `
ALTER TABLE sourcelink.endpoint DROP COLUMN rest_ms;
DROP INDEX sourcelink.source_due;
ALTER TABLE sourcelink.source_state DROP COLUMN next_visit_at, DROP COLUMN next_visit_why, DROP COLUMN planned_by, DROP COLUMN asked_at;
`,
};
