/** What a node group does when EC2 recommends leaving a Spot node and its policy heeds that: as any switch, with time. One that is ignored is not looked at. */
import { expect, it } from "@jest/globals";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { createNodeLab, type NodeEnding, type NodeLab } from "../../../local/lab/node-lab.ts";
import { applyEventTemplate } from "../../../local/platform/customer-account.ts";

const hourMs = 3_600_000;

const converted = async (): Promise<NodeLab> => {
  const lab = await createNodeLab({
    nodes: { size: 2, min: 1, max: 6, zones: 1 },
    workloads: [
      { kind: "Deployment", name: "web", replicas: 6, cpu: "50m", budget: { maxUnavailable: 1 } },
    ],
    policy: { on_rebalance_recommendation: "move" },
  });
  expect((await lab.run()).status).toBe("SWITCHED");
  const { platform, account } = lab;
  const { accountId, region } = lab.cluster.place;
  const yaml = await account.api.getText(`/accounts/${accountId}/role-template`);
  applyEventTemplate(platform, { accountId, region, yaml });
  await platform.functions.invoke("interruption-open-bus", {});
  return lab;
};

const spotNodeOf = ({ platform, cluster }: NodeLab) =>
  platform.autoScaling.control
    .find({ ...cluster.place, name: cluster.groupName })
    ?.members.find(({ lifecycle }) => lifecycle === "spot");

const pass = ({ account: { clock } }: NodeLab, hours: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + hours * hourMs });

/** Six hours after its switch. @returns what was started because of it */
const recommend = async (lab: NodeLab): Promise<readonly NodeEnding[]> => {
  await pass(lab, 6.5);
  lab.platform.ec2.control.recommendRebalance(spotNodeOf(lab)?.instanceId ?? "");
  await pass(lab, 1);
  const targetId = targetIdSchema.parse(lab.targetId);
  const { items } = await listEvaluations(lab.account.table, { targetId, limit: 5 });
  const endings: NodeEnding[] = [];
  for (const { evaluationId, startedBy } of items) {
    if (startedBy === "recommendation") endings.push(await lab.finish(evaluationId));
  }
  return endings;
};

it("a recommended node is replaced from another pool where policy says so, after the new one has joined, and no budget is broken", async () => {
  const lab = await converted();
  const before = spotNodeOf(lab);
  const [ending, ...others] = await recommend(lab);
  expect(others).toEqual([]);
  expect(ending?.status).toBe("SWITCHED");
  const after = spotNodeOf(lab);
  expect(after?.instanceId).not.toBe(before?.instanceId);
  const { control } = lab.platform.ec2;
  const typeOf = (id = ""): string | undefined => control.find(id)?.instanceType;
  expect(typeOf(after?.instanceId)).not.toBe(typeOf(before?.instanceId));
  expect(lab.pods.broken).toEqual([]);
  expect(ending?.leaks).toEqual([]);
});
