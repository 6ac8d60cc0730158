CREATE TABLE "account_rules" (
	"id" text PRIMARY KEY NOT NULL,
	"body" jsonb NOT NULL,
	"history_seq" integer DEFAULT 0 NOT NULL,
	"history_mac" "bytea",
	"history_seal" "bytea"
);
--> statement-breakpoint
CREATE TABLE "security_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"event" text NOT NULL,
	"actor" text NOT NULL,
	"source" text,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"second_step_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "session_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "user_role" (
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"agency_id" text NOT NULL,
	CONSTRAINT "user_role_user_id_role_agency_id_pk" PRIMARY KEY("user_id","role","agency_id")
);
--> statement-breakpoint
CREATE TABLE "user" (
	"id" uuid PRIMARY KEY NOT NULL,
	"login" text NOT NULL,
	"name" text NOT NULL,
	"contacts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"password_hash" text,
	"old_hashes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"password_set_at" timestamp with time zone,
	"must_change" boolean NOT NULL,
	"failed_tries" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp with time zone,
	"totp_secret" "bytea",
	"totp_pending" "bytea",
	"totp_step" bigint,
	"last_seen_at" timestamp with time zone,
	"history_seq" integer DEFAULT 0 NOT NULL,
	"history_mac" "bytea",
	"history_seal" "bytea"
);
--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "made_by" text DEFAULT 'system' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "roles" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "agencies" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "ended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "history_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "history_mac" "bytea";--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "history_seal" "bytea";--> statement-breakpoint
CREATE INDEX "security_log_actor" ON "security_log" USING btree ("actor","at");--> statement-breakpoint
CREATE INDEX "security_log_at" ON "security_log" USING btree ("at");--> statement-breakpoint
CREATE INDEX "session_user" ON "session" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "user_login" ON "user" USING btree ("login");--> statement-breakpoint
CREATE INDEX "assignment_agency" ON "assignment" USING btree ("agency_id");--> statement-breakpoint
-- Whoever had a token could do everything.
UPDATE "api_token" SET "roles" = '["operator","triage","agency","leader","it","auditor"]', "agencies" = '["*"]';--> statement-breakpoint
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the security log is append-only'; END $$;--> statement-breakpoint
CREATE TRIGGER "security_log_append_only" BEFORE UPDATE ON "security_log" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
