ALTER TABLE "source_health" ADD COLUMN "last_refusal" text;--> statement-breakpoint
ALTER TABLE "source_health" ADD COLUMN "last_refusal_at" timestamp with time zone;