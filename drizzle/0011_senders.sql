CREATE TABLE "sender" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"group_id" uuid NOT NULL,
	"passed" timestamp with time zone[] NOT NULL,
	"held" boolean NOT NULL,
	"last_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "held_group" uuid;--> statement-breakpoint
ALTER TABLE "submission" ADD COLUMN "address_hash" "bytea";--> statement-breakpoint
CREATE INDEX "case_held" ON "case" USING btree ("held_group") WHERE "case"."held_group" is not null;--> statement-breakpoint
CREATE INDEX "submission_address" ON "submission" USING btree ("received_at") WHERE "submission"."address_hash" is not null;