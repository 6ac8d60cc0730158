CREATE TABLE "message_wish" (
	"kind" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"silent" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "message_wish_kind_hash_pk" PRIMARY KEY("kind","hash")
);
