/** Tags, and the proof of permissions by dry runs. */
import { CreateTagsCommand, DeleteTagsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import { acted, type Acted } from "../acted.ts";
import { isDenial, isUnknownCaller } from "../error-codes.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { tagList } from "./describe.ts";
import type { DryRunCall, DryRunSubject } from "./dry-run-call.ts";
import { dryRunCalls, fallbackLaunch } from "./dry-run-calls.ts";

/**
 * Adds tags to resources that exist, or overwrites them. EC2 may not know a new resource here although it
 * described it a moment ago: RetryableNotVisible, and nothing was tagged.
 */
export const createTags = async (
  ec2: EC2Client,
  input: {
    readonly resources: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Acted> =>
  acted(
    await callAws(
      {
        action: "CreateTags",
        resource: input.resources.join(" "),
        notFoundMeans: "not-visible",
      },
      () =>
        ec2.send(
          new CreateTagsCommand({ Resources: [...input.resources], Tags: tagList(input.tags) }),
        ),
    ),
  );

/**
 * Takes these tags away where they have these very values: what an owner has set instead stays. One that is not there is not an
 * error.
 */
export const deleteTags = async (
  ec2: EC2Client,
  input: {
    readonly resources: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Acted> =>
  acted(
    await callAws({ action: "DeleteTags", resource: input.resources.join(" ") }, () =>
      ec2.send(
        new DeleteTagsCommand({
          Resources: [...input.resources],
          Tags: tagList(input.tags),
        }),
      ),
    ),
  );

export interface PermissionFinding {
  /** As it was asked: `ec2:StopInstances`. */
  readonly action: string;
  /** UNKNOWN: there is no dry run, no resource to try it on, or EC2 judged something else first. */
  readonly kind: "ALLOWED" | "DENIED" | "UNKNOWN";
  readonly reason?: string;
  /** EC2 doesn't know the credentials: that very session is good elsewhere, so the account has not enabled the region. */
  readonly isUnknownThere?: true;
}

const unknown = (action: string, reason: string): PermissionFinding => ({
  action,
  kind: "UNKNOWN",
  reason,
});

const judge = (action: string, error: unknown): PermissionFinding => {
  if (!(error instanceof SpotOptimizerError)) throw error;
  if (error.code === "DryRunOperation") return { action, kind: "ALLOWED" };
  // No answer, no finding.
  if (familyOf(error) === "Retryable") throw error;
  const { code } = expectRefusal(error, () => true);
  return isDenial(code)
    ? {
        action,
        kind: "DENIED",
        reason: error.message,
        ...(isUnknownCaller(code) ? { isUnknownThere: true } : {}),
      }
    : unknown(action, `EC2 answered ${code}.`);
};

const tryCall = async (
  ec2: EC2Client,
  { action, call }: { readonly action: string; readonly call: DryRunCall | undefined },
  subject: DryRunSubject,
): Promise<PermissionFinding> => {
  const name = action.replace(/^ec2:/, "");
  if (call === undefined) return unknown(action, "AWS has no dry run for this action.");
  const attempt = call(subject);
  if (attempt === undefined) return unknown(action, "There is no resource to try it on.");
  try {
    await callAws({ action: `${name} (dry run)` }, () => attempt(ec2));
  } catch (error) {
    return judge(action, error);
  }
  // EC2 answers a dry run by an error, always.
  return unknown(action, "EC2 did not treat the call as a dry run.");
};

/**
 * Asks EC2, for each action (`ec2:StopInstances` or `StopInstances`), whether the caller may: one dry run each,
 * one after the other. ALLOWED proves neither capacity nor iam:PassRole. Outages and throttling are thrown.
 */
export const dryRunPermissions = async (
  ec2: EC2Client,
  actions: readonly string[],
  subject: DryRunSubject,
): Promise<PermissionFinding[]> => {
  const findings: PermissionFinding[] = [];
  const calls = dryRunCalls();
  for (const action of actions) {
    const call = calls[action.replace(/^ec2:/, "")];
    findings.push(await tryCall(ec2, { action, call }, subject));
  }
  return findings;
};

/** May the caller launch On-Demand, as fallback? One dry run; as above. */
export const dryRunFallback = (
  ec2: EC2Client,
  subject: DryRunSubject,
): Promise<PermissionFinding> =>
  tryCall(ec2, { action: "ec2:RunInstances", call: fallbackLaunch }, subject);
