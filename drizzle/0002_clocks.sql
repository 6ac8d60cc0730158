CREATE TABLE "calendar" (
	"id" text PRIMARY KEY NOT NULL,
	"body" jsonb NOT NULL,
	"version" integer NOT NULL,
	"origin" text NOT NULL,
	"history_seq" integer DEFAULT 0 NOT NULL,
	"history_mac" "bytea",
	"history_seal" "bytea"
);
--> statement-breakpoint
CREATE TABLE "deadline" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"assignment_id" uuid,
	"report_id" uuid,
	"step" text NOT NULL,
	"source" text NOT NULL,
	"owner" text NOT NULL,
	"agency_id" text,
	"towards" text NOT NULL,
	"until" jsonb NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"span" jsonb NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"calendar_id" text NOT NULL,
	"calendar_version" text NOT NULL,
	"uncertain" jsonb NOT NULL,
	"state" text NOT NULL,
	"missed_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"marks" jsonb NOT NULL,
	"next_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "officer_notice" (
	"id" uuid PRIMARY KEY NOT NULL,
	"to_role" text NOT NULL,
	"agency_id" text,
	"event" text NOT NULL,
	"case_id" uuid NOT NULL,
	"deadline_id" uuid,
	"level" integer,
	"values" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	"done_by" text
);
--> statement-breakpoint
CREATE INDEX "deadline_tick" ON "deadline" USING btree ("next_at") WHERE "deadline"."state" = 'open';--> statement-breakpoint
CREATE INDEX "deadline_case" ON "deadline" USING btree ("case_id","started_at");--> statement-breakpoint
CREATE INDEX "deadline_calendar" ON "deadline" USING btree ("calendar_id","id") WHERE "deadline"."state" = 'open';--> statement-breakpoint
CREATE INDEX "officer_notice_unread" ON "officer_notice" USING btree ("to_role","agency_id","created_at") WHERE "officer_notice"."read_at" is null;--> statement-breakpoint
CREATE INDEX "officer_notice_case" ON "officer_notice" USING btree ("case_id");