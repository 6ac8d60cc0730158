CREATE TABLE "large_file" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"name" "bytea" NOT NULL,
	"size" bigint NOT NULL,
	"received" bigint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"submission_id" uuid,
	"print" text,
	"type" text
);
--> statement-breakpoint
CREATE INDEX "large_file_started" ON "large_file" USING btree ("started_at");