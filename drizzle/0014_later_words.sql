ALTER TABLE "report" ADD COLUMN "says" text;--> statement-breakpoint
ALTER TABLE "report" ADD COLUMN "asked_for" text[];--> statement-breakpoint
ALTER TABLE "report" ADD COLUMN "asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "report" ADD COLUMN "answered_at" timestamp with time zone;