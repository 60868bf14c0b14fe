/** Rules of accounts that leave, of tables that were restored, and of executions that died. */
import type { Mutant } from "./mutant.ts";

const leavingTests = ["test/lambdas/schedule/off-board", "test/core/decide/off-boarding"];
const restoreTests = ["test/workflows/linear/restored-table"];
const deadTests = ["test/workflows/linear/dead-execution"];

export const operatingMutants: readonly Mutant[] = [
  {
    name: "an original is ended with its account although nobody has named it",
    file: "lambdas/schedule/off-board/due.ts",
    from: 'change.kind === "RETIRE_ORIGINAL" && isKept(change.instanceId)',
    to: "false",
    tests: leavingTests,
  },
  {
    name: "an account leaves by a plan that nobody has seen",
    file: "lambdas/api/routes/account-off-boarding.ts",
    from: "if (plan === told.hash) return;",
    to: "return;",
    tests: leavingTests,
  },
  {
    name: "an account leaves while an evaluation runs",
    file: "lambdas/api/off-boarding.ts",
    from: "await requireNoneRuns(context, told.targets);",
    to: "",
    tests: leavingTests,
  },
  {
    name: "an account leaves under the kill switch",
    file: "lambdas/schedule/off-board/step.ts",
    from: "if (stopped !== undefined) return",
    to: "if (stopped !== undefined && false) return",
    tests: leavingTests,
  },
  {
    name: "a volume that may be the only copy is ended with its account",
    file: "core/decide/off-boarding.ts",
    from: '(kind === "volume" && state === "available") ||',
    to: "",
    tests: leavingTests,
  },
  {
    name: "the kill switch is lifted before a restored table was looked at",
    file: "lambdas/api/routes/operations.ts",
    from: "if (!engaged && accountId === undefined) await requireReconciled(context);",
    to: "",
    tests: restoreTests,
  },
  {
    name: "the kill switch is lifted although a restored table lacks settings",
    file: "core/model/restore.ts",
    from: "Date.parse(readBack.at) >= Date.parse(at)",
    to: "true",
    tests: ["test/lambdas/api/restore.test"],
  },
  {
    name: "a restored table is changed before everything in it is stopped",
    file: "local/operations/restore-table.ts",
    from: "await declareRestore({ ...tools, table }, { by, reason });",
    to: "{ restoreId: by, epoch: 0 };",
    tests: ["test/local/operations/restore-command"],
  },
  {
    name: "a restored table goes on although another instance runs for a target",
    file: "core/decide/restored-target.ts",
    from: "if (others.length > 0) {",
    to: "if (others.length > 0 && state === undefined) {",
    tests: [...restoreTests, "test/core/decide/restored-target"],
  },
  {
    name: "a restored table goes on although a place can't be read",
    file: "lambdas/api/reconciliation.ts",
    from: "!unreadable.has(placeKey(place)) && (",
    to: "(",
    tests: restoreTests,
  },
  {
    name: "a restored table gives a fence a second time",
    file: "adapters/store/leases.ts",
    from: "Math.max(lease?.fence ?? 0, epoch) + 1",
    to: "(lease?.fence ?? 0) + 1",
    tests: [...restoreTests, "test/adapters/store/leases"],
  },
  {
    name: "what was open keeps its leases in a restored table",
    file: "lambdas/api/restore.ts",
    from: "await cutLease(table, resource, restore.epoch);",
    to: "",
    tests: restoreTests,
  },
  {
    name: "an Idempotency-Key that may have been used is taken after a restore",
    file: "lambdas/api/answer-once.ts",
    from: "await refuseLost(context, header);",
    to: "",
    tests: restoreTests,
  },
  {
    name: "a record is ended although its execution runs",
    file: "lambdas/evaluation/dead.ts",
    from: 'if (await isItsExecutionRunning(context, record)) return "RUNS";',
    to: "",
    tests: deadTests,
  },
  {
    name: "the product may be removed although an account has not left",
    file: "local/operations/removal.ts",
    from: "for (const account of accounts) obstacles.push(...(await readAccount(api, account, now)));",
    to: "",
    tests: ["test/local/operations/remove-command"],
  },
  {
    name: "the product may be removed while an evaluation runs",
    file: "local/operations/removal.ts",
    from: "const obstacles = [...(await readEvaluations(api))];",
    to: "const obstacles: Obstacle[] = [];",
    tests: ["test/local/operations/remove-command"],
  },
  {
    name: "an execution whose start nobody has noted is taken for one that does not run",
    file: "lambdas/evaluation/its-execution.ts",
    from: "(record.executionArn === undefined ? executionNameOf(record) : undefined);",
    to: "undefined;",
    tests: deadTests,
  },
];
