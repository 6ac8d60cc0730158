CREATE TABLE "number_book" (
	"book" text NOT NULL,
	"year" integer NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "number_book_book_year_pk" PRIMARY KEY("book","year")
);
--> statement-breakpoint
CREATE TABLE "link_poll" (
	"link_id" text PRIMARY KEY NOT NULL,
	"cursor" jsonb,
	"polled_at" timestamp with time zone NOT NULL,
	"last_fault" text
);
--> statement-breakpoint
CREATE TABLE "source_cursor" (
	"source_id" text NOT NULL,
	"place" text NOT NULL,
	"cursor" jsonb NOT NULL,
	CONSTRAINT "source_cursor_source_id_place_pk" PRIMARY KEY("source_id","place")
);
--> statement-breakpoint
CREATE TABLE "listener" (
	"source_id" text PRIMARY KEY NOT NULL,
	"token" uuid,
	"lease_until" timestamp with time zone,
	"caught_up_at" timestamp with time zone,
	"last_received_at" timestamp with time zone,
	"last_fault" text,
	"last_fault_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "contact_index" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "source_id" text;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "outcome_unknown" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "first_attempt_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "last_fault" text;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "last_message" text;--> statement-breakpoint
ALTER TABLE "report" ADD COLUMN "follows" uuid;--> statement-breakpoint
ALTER TABLE "report" ADD COLUMN "beside" uuid;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "document_number" integer;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "document_day" date;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "document_id" text;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "progress" jsonb;--> statement-breakpoint
ALTER TABLE "office_update" ADD COLUMN "key_id" uuid;--> statement-breakpoint
ALTER TABLE "file" ADD COLUMN "sha256" text;--> statement-breakpoint
ALTER TABLE "submission" ADD COLUMN "quiet" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "notice_state" ON "notice" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "report_follows" ON "report" USING btree ("follows") WHERE "report"."follows" is not null;--> statement-breakpoint
CREATE INDEX "envelope_key" ON "envelope" USING btree ("key_id");--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_document" UNIQUE("link_id","document_id");