/**
 * Verdicts on one target that are alike, one sweep after the other: a count with its times, and the names of the facts on which the
 * first and the last of them rest. What verdicts rest on is stored once under its digest. Each sweep writes one of these for each
 * target: it is kept within 1 KB, which is what DynamoDB bills as one write.
 */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { targetIdSchema } from "./ids.ts";
import { verdictKinds } from "./verdict.ts";

/** SHA-256 of canonical JSON, base64url. */
const digestSchema = atFirstUse(() => z.string().length(43));

const factsDigestsSchema = atFirstUse(() =>
  z.strictObject({
    /** What was known of the subject itself, and account, target and policy as they were. */
    subject: digestSchema(),
    /** Absent in all three: nothing of the market was looked at. */
    placement: digestSchema().exactOptional(),
    memory: digestSchema().exactOptional(),
    market: z.strictObject({ product: z.string(), digest: z.string() }).exactOptional(),
  }),
);
export type FactsDigests = Readonly<z.infer<ReturnType<typeof factsDigestsSchema>>>;

export const judgedRunSchema = atFirstUse(() =>
  z.strictObject({
    targetId: targetIdSchema,
    kind: z.enum(verdictKinds),
    /** A SWITCH that leaves something open. */
    isWouldSwitch: z.literal(true).exactOptional(),
    reason: z.string(),
    /** Of the last verdict. */
    sentence: z.string(),
    /** Digest of all that makes two verdicts alike: kind, reason, chosen pool, policy, model, rules, and what was left open. */
    alike: digestSchema(),
    count: z.int().min(1),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    /** Since then every verdict has called for action, whatever the pool. Absent: this one does not. */
    actionSince: z.iso.datetime().exactOptional(),
    /** Digest of the first verdict with the digests of its facts. */
    first: digestSchema(),
    /** Of the last verdict, and of its facts. */
    verdict: digestSchema(),
    facts: factsDigestsSchema(),
  }),
);
export type JudgedRun = Readonly<z.infer<ReturnType<typeof judgedRunSchema>>>;
