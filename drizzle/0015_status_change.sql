CREATE TABLE "status_change" (
	"id" uuid PRIMARY KEY NOT NULL,
	"report_id" uuid NOT NULL,
	"source_id" text NOT NULL,
	"status" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"seq" bigserial NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"first_attempt_at" timestamp with time zone,
	"last_fault" text,
	"last_message" text
);
--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "status" text;--> statement-breakpoint
CREATE INDEX "status_change_report" ON "status_change" USING btree ("report_id","seq");