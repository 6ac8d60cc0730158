ALTER TABLE "case" ADD COLUMN "category" text;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "field" text;--> statement-breakpoint
ALTER TABLE "case" ADD COLUMN "proposed_agency_id" text;