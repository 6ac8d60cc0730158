CREATE TABLE "notice_message" (
	"source_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"notice_id" uuid NOT NULL,
	CONSTRAINT "notice_message_source_id_provider_id_pk" PRIMARY KEY("source_id","provider_id")
);
--> statement-breakpoint
CREATE TABLE "item" (
	"id" uuid PRIMARY KEY NOT NULL,
	"source_id" text NOT NULL,
	"envelope_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"key_id" uuid NOT NULL,
	"body" "bytea" NOT NULL,
	"about" "bytea" NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"submission_id" uuid
);
--> statement-breakpoint
CREATE TABLE "source_health" (
	"source_id" text PRIMARY KEY NOT NULL,
	"last_received_at" timestamp with time zone,
	"bad_signatures" integer DEFAULT 0 NOT NULL,
	"last_bad_signature_at" timestamp with time zone,
	"reconciled_at" timestamp with time zone,
	"last_fault" text,
	"fault_since" timestamp with time zone,
	"alerted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "source_memory" (
	"source_id" text PRIMARY KEY NOT NULL,
	"value" "bytea"
);
--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "receipt" text;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "receipt_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "report" ADD COLUMN "taken_back_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "submission" ADD COLUMN "part_of" uuid;--> statement-breakpoint
ALTER TABLE "submission" ADD COLUMN "edited_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "item_envelope" ON "item" USING btree ("envelope_id");--> statement-breakpoint
CREATE INDEX "item_aside" ON "item" USING btree ("state","received_at") WHERE "item"."state" = 'set-aside';--> statement-breakpoint
CREATE INDEX "item_waiting" ON "item" USING btree ("source_id","about") WHERE "item"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "item_submission" ON "item" USING btree ("submission_id") WHERE "item"."submission_id" is not null;--> statement-breakpoint
CREATE INDEX "submission_part" ON "submission" USING btree ("part_of") WHERE "submission"."part_of" is not null;--> statement-breakpoint
INSERT INTO "item" ("id", "source_id", "envelope_id", "received_at", "seq", "kind", "key_id", "body", "about", "state", "reason")
SELECT "id", "source_id", "id", "received_at", 0, 'ignored', "key_id", ''::bytea, ''::bytea, 'set-aside', "reason" FROM "envelope" WHERE "state" = 'set-aside';--> statement-breakpoint
UPDATE "envelope" SET "state" = 'read', "reason" = NULL WHERE "state" = 'set-aside';
