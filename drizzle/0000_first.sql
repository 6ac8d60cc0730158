CREATE TABLE "assignment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"agency_id" text NOT NULL,
	"role" text NOT NULL,
	"passed_from" uuid,
	"state" text NOT NULL,
	"assigned_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"answer" text,
	"answered_at" timestamp with time zone,
	"return_reason" text,
	"returned_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "case" (
	"id" uuid PRIMARY KEY NOT NULL,
	"profile" text NOT NULL,
	"profile_from" date NOT NULL,
	"status" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"joined_to" uuid,
	"urgent" boolean DEFAULT false NOT NULL,
	"unit_code" text,
	"unit_from" date,
	"waiting_for" text,
	"routed_at" timestamp with time zone,
	"history_seq" integer DEFAULT 0 NOT NULL,
	"history_mac" "bytea",
	"history_seal" "bytea"
);
--> statement-breakpoint
CREATE TABLE "contact_index" (
	"kind" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"reporter_id" uuid NOT NULL,
	CONSTRAINT "contact_index_kind_hash_reporter_id_pk" PRIMARY KEY("kind","hash","reporter_id")
);
--> statement-breakpoint
CREATE TABLE "case_join" (
	"id" uuid PRIMARY KEY NOT NULL,
	"from_case" uuid NOT NULL,
	"to_case" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"why" text NOT NULL,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "notice" (
	"id" uuid PRIMARY KEY NOT NULL,
	"report_id" uuid NOT NULL,
	"event" text NOT NULL,
	"about" text DEFAULT '' NOT NULL,
	"channel" text NOT NULL,
	"values" jsonb NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	CONSTRAINT "notice_once" UNIQUE("report_id","event","about","channel")
);
--> statement-breakpoint
CREATE TABLE "reporter" (
	"id" uuid PRIMARY KEY NOT NULL,
	"submission_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"contact" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"submission_id" uuid NOT NULL,
	"reporter_id" uuid NOT NULL,
	"case_id" uuid NOT NULL,
	"source_id" text NOT NULL,
	"channel" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"identity_secret" boolean NOT NULL,
	"content_secret" boolean NOT NULL,
	"title" text NOT NULL,
	"text" text NOT NULL,
	"folded" text NOT NULL,
	"folded_hash" "bytea" NOT NULL,
	"address" text,
	"lat" double precision,
	"lng" double precision,
	"readings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"read_version" integer NOT NULL,
	CONSTRAINT "report_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "view_try" (
	"code_hash" "bytea" PRIMARY KEY NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"wrong" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"report_id" uuid,
	"link_id" text,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"outcome_unknown" boolean DEFAULT false NOT NULL,
	"first_attempt_at" timestamp with time zone,
	"next_attempt_at" timestamp with time zone,
	"taken_at" timestamp with time zone,
	"office_ref" text,
	"last_fault" text,
	"last_message" text,
	CONSTRAINT "delivery_once" UNIQUE NULLS NOT DISTINCT("assignment_id","kind","report_id")
);
--> statement-breakpoint
CREATE TABLE "trace" (
	"id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"delivery_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"body" "bytea" NOT NULL,
	CONSTRAINT "trace_id_at_pk" PRIMARY KEY("id","at")
) PARTITION BY RANGE ("at");--> statement-breakpoint
CREATE TABLE "trace_default" PARTITION OF "trace" DEFAULT;
--> statement-breakpoint
CREATE TABLE "office_update" (
	"id" uuid PRIMARY KEY NOT NULL,
	"link_id" text NOT NULL,
	"event" text NOT NULL,
	"of" text NOT NULL,
	"assignment_id" uuid,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"text" text NOT NULL,
	"raw_code" text NOT NULL,
	"outcome" text NOT NULL,
	"values" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "office_update_once" UNIQUE("link_id","event")
);
--> statement-breakpoint
CREATE TABLE "data_key" (
	"id" uuid PRIMARY KEY NOT NULL,
	"wrapped" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "envelope" (
	"id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"source_id" text NOT NULL,
	"content_type" text NOT NULL,
	"key_id" uuid NOT NULL,
	"body" "bytea" NOT NULL,
	"head" "bytea" NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	CONSTRAINT "envelope_id_received_at_pk" PRIMARY KEY("id","received_at")
) PARTITION BY RANGE ("received_at");--> statement-breakpoint
CREATE TABLE "envelope_default" PARTITION OF "envelope" DEFAULT;
--> statement-breakpoint
CREATE TABLE "file" (
	"id" text PRIMARY KEY NOT NULL,
	"submission_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"variant" text NOT NULL,
	"print" text NOT NULL,
	"type" text NOT NULL,
	"size" bigint NOT NULL,
	"not_clean" text,
	"hint" "bytea"
);
--> statement-breakpoint
CREATE TABLE "submission_key" (
	"source_id" text NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"submission_id" uuid NOT NULL,
	CONSTRAINT "submission_key_source_id_key_hash_pk" PRIMARY KEY("source_id","key_hash")
);
--> statement-breakpoint
CREATE TABLE "submission" (
	"id" uuid PRIMARY KEY NOT NULL,
	"source_id" text NOT NULL,
	"envelope_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"code" text NOT NULL,
	"key_id" uuid NOT NULL,
	"item" "bytea" NOT NULL,
	"print" "bytea" NOT NULL,
	"erased_at" timestamp with time zone,
	CONSTRAINT "submission_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "agency" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"aliases" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"unit_code" text,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"history_seq" integer DEFAULT 0 NOT NULL,
	"history_mac" "bytea",
	"history_seal" "bytea"
);
--> statement-breakpoint
CREATE TABLE "api_token" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_token_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "deployment" (
	"id" text PRIMARY KEY DEFAULT 'this' NOT NULL,
	"key_print" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "deployment_one_row" CHECK ("deployment"."id" = 'this')
);
--> statement-breakpoint
CREATE TABLE "link" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"serves" jsonb NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"secrets" "bytea",
	"limits" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'on' NOT NULL,
	"paused_why" text,
	"history_seq" integer DEFAULT 0 NOT NULL,
	"history_mac" "bytea",
	"history_seal" "bytea"
);
--> statement-breakpoint
CREATE TABLE "profile" (
	"id" text PRIMARY KEY NOT NULL,
	"body" jsonb NOT NULL,
	"history_seq" integer DEFAULT 0 NOT NULL,
	"history_mac" "bytea",
	"history_seal" "bytea"
);
--> statement-breakpoint
CREATE TABLE "source" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"profile" text NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"secrets" "bytea",
	"state" text DEFAULT 'on' NOT NULL,
	"history_seq" integer DEFAULT 0 NOT NULL,
	"history_mac" "bytea",
	"history_seal" "bytea"
);
--> statement-breakpoint
CREATE TABLE "history" (
	"chain" text NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"kind" text NOT NULL,
	"body" text NOT NULL,
	"mac" "bytea" NOT NULL,
	CONSTRAINT "history_entry" UNIQUE("chain","seq")
);
--> statement-breakpoint
CREATE TABLE "lane" (
	"name" text PRIMARY KEY NOT NULL,
	"concurrency" integer,
	"per_second" real,
	"tokens" real DEFAULT 1 NOT NULL,
	"filled_at" timestamp with time zone,
	"served_at" timestamp with time zone,
	"paused" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"kind" text NOT NULL,
	"ref" text NOT NULL,
	"lane" text NOT NULL,
	"ordered_by" text,
	"priority" smallint DEFAULT 0 NOT NULL,
	"due" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"again" boolean DEFAULT false NOT NULL,
	"lease_until" timestamp with time zone,
	"token" uuid,
	"last_error" text,
	CONSTRAINT "task_once" UNIQUE("kind","ref")
);
--> statement-breakpoint
CREATE TABLE "unit_link" (
	"old_code" text NOT NULL,
	"new_code" text NOT NULL,
	"kind" text NOT NULL,
	"at" date NOT NULL,
	CONSTRAINT "unit_link_old_code_new_code_at_pk" PRIMARY KEY("old_code","new_code","at")
);
--> statement-breakpoint
CREATE TABLE "unit_polygon" (
	"code" text NOT NULL,
	"valid_from" date NOT NULL,
	"geometry" jsonb NOT NULL,
	"min_lat" double precision NOT NULL,
	"max_lat" double precision NOT NULL,
	"min_lng" double precision NOT NULL,
	"max_lng" double precision NOT NULL,
	CONSTRAINT "unit_polygon_code_valid_from_pk" PRIMARY KEY("code","valid_from")
);
--> statement-breakpoint
CREATE TABLE "unit" (
	"code" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"type" text NOT NULL,
	"name" text NOT NULL,
	"folded_name" text NOT NULL,
	"aliases" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"parent_code" text,
	"lat" double precision,
	"lng" double precision,
	"radius" integer,
	CONSTRAINT "unit_code_valid_from_pk" PRIMARY KEY("code","valid_from"),
	CONSTRAINT "unit_period" CHECK ("unit"."valid_to" >= "unit"."valid_from"),
	CONSTRAINT "unit_centre" CHECK (("unit"."lat" is null) = ("unit"."lng" is null))
);
--> statement-breakpoint
ALTER TABLE "unit_polygon" ADD CONSTRAINT "unit_polygon_code_valid_from_unit_code_valid_from_fk" FOREIGN KEY ("code","valid_from") REFERENCES "public"."unit"("code","valid_from") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignment_case" ON "assignment" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "case_status" ON "case" USING btree ("status","opened_at");--> statement-breakpoint
CREATE INDEX "case_joined" ON "case" USING btree ("joined_to");--> statement-breakpoint
CREATE INDEX "contact_index_reporter" ON "contact_index" USING btree ("reporter_id");--> statement-breakpoint
CREATE INDEX "case_join_to" ON "case_join" USING btree ("to_case");--> statement-breakpoint
CREATE INDEX "report_case" ON "report" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "report_submission" ON "report" USING btree ("submission_id");--> statement-breakpoint
CREATE INDEX "report_reporter" ON "report" USING btree ("reporter_id");--> statement-breakpoint
CREATE INDEX "report_same_text" ON "report" USING btree ("folded_hash","received_at");--> statement-breakpoint
CREATE INDEX "report_near" ON "report" USING btree ("lat","received_at");--> statement-breakpoint
CREATE INDEX "delivery_state" ON "delivery" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "delivery_link" ON "delivery" USING btree ("link_id","office_ref");--> statement-breakpoint
CREATE INDEX "trace_delivery" ON "trace" USING btree ("delivery_id","at");--> statement-breakpoint
CREATE INDEX "office_update_outcome" ON "office_update" USING btree ("outcome","received_at");--> statement-breakpoint
CREATE INDEX "envelope_state" ON "envelope" USING btree ("state","received_at");--> statement-breakpoint
CREATE INDEX "file_submission" ON "file" USING btree ("submission_id","seq");--> statement-breakpoint
CREATE INDEX "submission_key_submission" ON "submission_key" USING btree ("submission_id");--> statement-breakpoint
CREATE INDEX "submission_envelope" ON "submission" USING btree ("envelope_id");--> statement-breakpoint
CREATE INDEX "submission_received" ON "submission" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "agency_unit" ON "agency" USING btree ("unit_code");--> statement-breakpoint
CREATE INDEX "history_at" ON "history" USING btree ("at");--> statement-breakpoint
CREATE INDEX "task_ready" ON "task" USING btree ("lane","priority" DESC NULLS FIRST,"due","seq") WHERE "task"."state" = 'open';--> statement-breakpoint
CREATE INDEX "task_leased" ON "task" USING btree ("lane","lease_until") WHERE "task"."token" is not null;--> statement-breakpoint
CREATE INDEX "task_order" ON "task" USING btree ("ordered_by","seq") WHERE "task"."ordered_by" is not null;--> statement-breakpoint
CREATE INDEX "unit_folded_name" ON "unit" USING btree ("folded_name");