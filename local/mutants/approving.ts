/** What a person agrees to, and who is one, each rule taken away. */
import type { Mutant } from "./mutant.ts";

const pure = ["test/core/approval"];
const api = ["test/lambdas/api/approvals"];
const whole = ["test/workflows/linear/approvals"];

export const approvingMutants: readonly Mutant[] = [
  {
    name: "a price that jitters at the edge of a cent is another question",
    file: "core/approval/bounds.ts",
    from: "const headroom = 1.05;",
    to: "const headroom = 1;",
    tests: pure,
  },
  {
    name: "what was agreed to for an instance holds for the same id launched anew",
    file: "core/approval/bounds.ts",
    from: "if (plan.launchedAt === launchedAt && plan.groupArn === groupArn) return undefined;",
    to: "return undefined;",
    tests: pure,
  },
  {
    name: "a pool that is too dear is taken because it was agreed to",
    file: "core/approval/bounds.ts",
    from: "bounds.poolKeys.includes(pool.key) && isCheapEnough(pool, bounds)",
    to: "bounds.poolKeys.includes(pool.key)",
    tests: pure,
  },
  {
    name: "a price that nobody knows is within the bounds",
    file: "core/approval/bounds.ts",
    from: "(hourlyUsd !== undefined && hourlyUsd <= maxHourlyUsd)",
    to: "(hourlyUsd ?? 0) <= maxHourlyUsd",
    tests: pure,
  },
  {
    name: "pools that nobody agreed to are tried",
    file: "core/model/pools-to-try.ts",
    from: "approval === undefined\n    ? pools",
    to: "approval === undefined || Date.now() > 0\n    ? pools",
    tests: [...whole, "test/workflows/cluster/approvals"],
  },
  {
    name: "two sessions of one role are two persons",
    file: "core/approval/caller.ts",
    from: "const keys = [`role:${roleId}`, session];",
    to: "const keys = [session];",
    tests: pure,
  },
  {
    name: "who comes from another account may approve",
    file: "core/approval/caller.ts",
    from: "accountId !== ownAccountId || ",
    to: "",
    tests: pure,
  },
  {
    name: "who has asked approves it himself",
    file: "core/approval/votes.ts",
    from: "if (askedBy !== undefined && isSamePerson(askedBy, caller)) {",
    to: "if (askedBy !== undefined && Date.now() < 0) {",
    tests: [...pure, ...api],
  },
  {
    name: "one person approves twice",
    file: "core/approval/votes.ts",
    from: "if (own !== undefined) {",
    to: "if (own !== undefined && Date.now() < 0) {",
    tests: [...pure, ...api],
  },
  {
    name: "who approves need not have seen the bounds",
    file: "core/approval/votes.ts",
    from: "if (boundsHash !== approval.boundsHash) {",
    to: "if (boundsHash === '') {",
    tests: [...pure, ...api],
  },
  {
    name: "the hours of an approval never end",
    file: "core/approval/standing.ts",
    from: 'return Date.parse(expiresAt) <= view.now.getTime() ? "EXPIRED" : status;',
    to: "return status;",
    tests: [...pure, ...whole],
  },
  {
    name: "an approval is good in a table that was restored",
    file: "core/approval/standing.ts",
    from: "tableName !== present ||",
    to: "",
    tests: [...pure, ...api],
  },
  {
    name: "a vote counts though its voter is on the list no longer",
    file: "core/approval/standing.ts",
    from: "countsStill(as, approvers)",
    to: "countsStill(as, approvers) || Date.now() > 0",
    tests: pure,
  },
  {
    name: "a rejection does not hold",
    file: "core/approval/question.ts",
    from: "if (rejected !== undefined) return",
    to: "if (rejected !== undefined && Date.now() < 0) return",
    tests: [...pure, ...whole],
  },
  {
    name: "an approval is used again and again",
    file: "lambdas/evaluation/approval.ts",
    from: 'return { ...approval, status: "CONSUMED", consumed };',
    to: "return approval.status === 'PENDING' ? { ...approval, consumed } : approval;",
    tests: whole,
  },
  {
    name: "a price above what was agreed to stops nothing before the stop",
    file: "lambdas/linear/offer-again.ts",
    from: "spotHourlyUsd > most",
    to: "spotHourlyUsd > 10 * most + 1000",
    tests: whole,
  },
  {
    name: "what an approval has begun goes on without it where nobody would be asked any longer",
    file: "lambdas/judge/decide/step.ts",
    from: 'if (authorization.kind === "SHADOW" || approvalId === undefined) return undefined;',
    to: "if (approvalId !== undefined || Date.now() > 0) return undefined;",
    tests: whole,
  },
  {
    name: "an approval is given while a kill switch is thrown",
    file: "lambdas/api/approvals.ts",
    from: "if (engaged === undefined) return;",
    to: "if (engaged === undefined || Date.now() > 0) return;",
    tests: api,
  },
  {
    name: "a header names the caller though IAM does",
    file: "lambdas/api/caller.ts",
    from: "if (header === undefined) return iamIdentity(gateway, gateway.userArn);",
    to: "if (header === undefined || Date.now() > 0) return iamIdentity(gateway, gateway.userArn);",
    tests: api,
  },
  {
    name: "nobody knows who has set the policy by which the sweep asks",
    file: "lambdas/evaluation/approval.ts",
    from: "(isAskedFor(evaluation) ? undefined : readPolicySetter(table, evaluation.targetId))",
    to: "undefined",
    tests: whole,
  },
];
