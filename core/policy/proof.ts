/** What proves that an application works, beyond the checks that EC2 makes of its machine. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { commandFields } from "./command.ts";

/** Our functions stand outside the customer's network: Lambda reaches what the public reaches. */
const privateIpv4 =
  /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
/** Of the public ones all begin with 2 or 3. */
const publicIpv6 = /^\[?[23][0-9a-f]{3}:/;
const privateNames = /(^|\.)(localhost|local|internal|intranet|lan|home|corp)$/;

/** As a URL spells it: small letters, IPv6 in brackets. A name that leads to a private address is not seen here. */
const isPublicHost = (host: string): boolean => {
  if (host.includes(":")) return publicIpv6.test(host);
  return host.includes(".") && !privateIpv4.test(host) && !privateNames.test(host);
};

const notPublic =
  "must be public: Lambda does not reach private addresses. Prove a private application by target-groups";

const isPublicUrl = (text: string): boolean =>
  URL.canParse(text) && isPublicHost(new URL(text).hostname);

const hostPattern = /^[a-z0-9.-]+$|^\[?[0-9a-f:]+\]?$/;

/** Field names are single words: the API and the core spell them alike. */
export const proofSchema = atFirstUse(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("http"),
      url: z
        .string()
        .max(500)
        .regex(/^https?:\/\//, "must begin with http:// or https://")
        .refine(isPublicUrl, notPublic),
      /** The one that is expected. Redirects are not followed. */
      status: z.int().min(100).max(599).default(200),
    }),
    z.strictObject({
      kind: z.literal("tcp"),
      host: z
        .string()
        .max(253)
        .regex(hostPattern, "must be a name in small letters, or an address")
        .refine(isPublicHost, notPublic),
      port: z.int().min(1).max(65_535),
    }),
    /** Healthy in each target group in which the instance is registered, and in one at least. */
    z.strictObject({ kind: z.literal("target-groups") }),
    /** Each is OK, and has been for so long; none names the instance that is replaced. */
    z.strictObject({
      kind: z.literal("cloudwatch-alarms"),
      alarms: z.array(z.string().min(1).max(255)).min(1).max(20),
      minutes: z.int().min(1).max(60).default(5),
    }),
    /** Succeeds on the instance itself. It is run as often as it is asked, and must change nothing. */
    z.strictObject({ kind: z.literal("ssm-document"), ...commandFields() }),
  ]),
);
export type Proof = Readonly<z.infer<ReturnType<typeof proofSchema>>>;

/** How long the proofs take at least where all is well: alarms are to be OK for a while. */
export const leastMinutes = (proofs: readonly Proof[]): number =>
  Math.max(0, ...proofs.map((proof) => (proof.kind === "cloudwatch-alarms" ? proof.minutes : 0)));

/** As sentences and the record name it. */
export const nameOfProof = (proof: Proof): string => {
  switch (proof.kind) {
    case "http":
      return `GET ${proof.url}`;
    case "tcp":
      return `tcp ${proof.host}:${String(proof.port)}`;
    case "target-groups":
      return "target groups";
    case "cloudwatch-alarms":
      return `alarms ${proof.alarms.join(", ")}`;
    case "ssm-document":
      return `document ${proof.document}`;
  }
};
