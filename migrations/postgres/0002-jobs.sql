-- The jobs of all processes, in progress or recently ended: what their process last wrote of them, in JSON.
CREATE TABLE jobs (
  id               uuid        PRIMARY KEY,
  number           bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
  owner            uuid        NOT NULL,
  status           text        NOT NULL,
  has_ended        boolean     NOT NULL,
  cancel_requested boolean     NOT NULL DEFAULT false,
  written_at       timestamptz NOT NULL
);
