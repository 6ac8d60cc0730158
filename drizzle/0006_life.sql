CREATE TABLE "assignment_word" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"committed_for" date
);
--> statement-breakpoint
CREATE TABLE "consent" (
	"id" uuid PRIMARY KEY NOT NULL,
	"report_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"agency_id" text NOT NULL,
	"purpose" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"answered_at" timestamp with time zone,
	"proof" text,
	CONSTRAINT "consent_once" UNIQUE("report_id","assignment_id")
);
--> statement-breakpoint
CREATE TABLE "disclosure" (
	"id" uuid PRIMARY KEY NOT NULL,
	"report_id" uuid NOT NULL,
	"body" text NOT NULL,
	"document_number" text NOT NULL,
	"document_date" date NOT NULL,
	"why" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rating" (
	"report_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"value" text NOT NULL,
	"why" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "rating_report_id_round_pk" PRIMARY KEY("report_id","round")
);
--> statement-breakpoint
CREATE TABLE "upload" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_verification" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reporter_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"code_hash" "bytea" NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "contact_verification_once" UNIQUE("reporter_id","kind")
);
--> statement-breakpoint
CREATE TABLE "duty_roster" (
	"profile" text NOT NULL,
	"place" integer NOT NULL,
	"user_id" uuid NOT NULL,
	CONSTRAINT "duty_roster_profile_place_pk" PRIMARY KEY("profile","place")
);
--> statement-breakpoint
CREATE TABLE "ring" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"deadline_id" uuid,
	"started_at" timestamp with time zone NOT NULL,
	"rung" integer DEFAULT 0 NOT NULL,
	"taken_at" timestamp with time zone,
	"taken_by" text
);
--> statement-breakpoint
ALTER TABLE "delivery" DROP CONSTRAINT "delivery_once";--> statement-breakpoint
DROP INDEX "assignment_agency";--> statement-breakpoint
ALTER TABLE "assignment" ADD COLUMN "round" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "assignment" ADD COLUMN "accepted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "assignment" ADD COLUMN "committed_for" date;--> statement-breakpoint
ALTER TABLE "assignment" ADD COLUMN "site_visited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "assignment" ADD COLUMN "safe_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "assignment" ADD COLUMN "proposed_agency_id" text;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "urgent_kind" text;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "complex" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "coordinated" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "round" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "refused_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "hidden_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "hidden_by" text;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "hidden_why" text;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "reply" text;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "replied_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "published_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "rated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "disputes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "escalated" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_index" ADD COLUMN "verified_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contact_index" ADD COLUMN "verified_by" text;--> statement-breakpoint
ALTER TABLE "officer_notice" ADD COLUMN "user_id" uuid;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "purpose" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "taken_via" text;--> statement-breakpoint
CREATE INDEX "assignment_word_of" ON "assignment_word" USING btree ("assignment_id","at");--> statement-breakpoint
CREATE INDEX "consent_assignment" ON "consent" USING btree ("assignment_id");--> statement-breakpoint
CREATE INDEX "disclosure_report" ON "disclosure" USING btree ("report_id");--> statement-breakpoint
CREATE UNIQUE INDEX "ring_one_open" ON "ring" USING btree ("case_id") WHERE "ring"."taken_at" is null;--> statement-breakpoint
CREATE INDEX "ring_open" ON "ring" USING btree ("started_at") WHERE "ring"."taken_at" is null;--> statement-breakpoint
CREATE INDEX "assignment_agency" ON "assignment" USING btree ("agency_id","state");--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_once" UNIQUE NULLS NOT DISTINCT("assignment_id","kind","report_id","purpose");