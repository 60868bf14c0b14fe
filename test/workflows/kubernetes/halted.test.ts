/** Roll-backs of nodes that stop new switches of their account (safety law, section 11), which has one breaker for all modes. */
import { describe, expect, it } from "@jest/globals";
import { readSwitching } from "../../../adapters/store/switching.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeEnding, type NodeLab } from "../../../local/lab/node-lab.ts";

const haltIn = async ({ account }: NodeLab) =>
  (await readSwitching(account.table, accountIdSchema.parse(account.accountId))).halt;

/** The first eviction that is meant is forbidden: the node is given back as it was. */
const rolledBack = async (lab: NodeLab): Promise<NodeEnding> => {
  const release = lab.cluster.kubernetes.faults.before((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    release();
    throw refuse(403, "Forbidden", {
      message: 'User "us" cannot create resource "pods/eviction" in API group ""',
    });
  });
  const ending = await lab.run();
  expect(ending.status).toBe("ROLLED_BACK");
  return ending;
};

const launches = ({ platform }: NodeLab): number =>
  platform.cloud.journal.filter(({ operation, dryRun }) => operation === "RunInstances" && !dryRun)
    .length;

describe("two roll-backs of nodes for the same error within an hour", () => {
  it("stop new switches of the account, before anything is launched, until a person resets it", async () => {
    const lab = await createNodeLab({});
    const first = await rolledBack(lab);
    expect(await haltIn(lab)).toBeUndefined();
    const second = await rolledBack(lab);
    expect(second.evaluation.failure?.error).toBe(first.evaluation.failure?.error);
    expect(await haltIn(lab)).toMatchObject({
      error: first.evaluation.failure?.error,
      evaluationIds: [first.evaluationId, second.evaluationId],
    });
    const before = launches(lab);
    const halted = await lab.run();
    expect([halted.status, halted.evaluation.outcome?.reason]).toEqual([
      "STAYED",
      "ACCOUNT_HALTED",
    ]);
    expect(halted.intents).toEqual([]);
    expect(launches(lab)).toBe(before);
    const { api, accountId } = lab.account;
    const body = { halted: false, reason: "The right was given." };
    const reset = await api.send({ method: "PUT", path: `/accounts/${accountId}/switching`, body });
    expect(reset.status).toBe(200);
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });
});
