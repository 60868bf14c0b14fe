/** The waste scanner and what deletes waste, on every path on which they call something. */
import { accountIdSchema } from "../../core/model/ids.ts";
import { setApprovalSettings } from "../../adapters/store/approval-settings.ts";
import { wastePageSchema, type WasteFindingJson } from "../../lambdas/api/schemas/waste.ts";
import { apiBasePath } from "../../lambdas/api/context.ts";
import type { Role } from "../../local/cloud/iam/identities.ts";
import { serveRestApi } from "../../local/cloud/rest-api.ts";
import type { LabAccount } from "../../local/lab/account.ts";
import { refusals } from "../../local/lab/harm.ts";
import { localStage } from "../../local/platform/functions.ts";
import { asOwner, hourMs, region } from "./walk.ts";

const scanDays = async ({ clock, platform }: LabAccount, days: number): Promise<void> => {
  for (let day = 0; day < days; day += 1) {
    await clock.run({ atMostMs: clock.now() + 24 * hourMs });
    await platform.functions.invoke("waste-scan-place", {});
  }
};

/** Far enough apart that what had failed is tried again. */
const carryOut = async ({ clock, platform }: LabAccount, runs: number): Promise<void> => {
  for (let run = 0; run < runs; run += 1) {
    await clock.run({ atMostMs: clock.now() + hourMs / 2 });
    await platform.functions.invoke("waste-carry-out", {});
  }
};

const approve = async ({ api }: LabAccount, finding: WasteFindingJson, who: string) => {
  const path = `/waste/${finding.finding_id}/approve`;
  const body = { bounds_hash: finding.bounds_hash };
  const headers = { "spot-optimizer-identity": who };
  const { status } = await api.send({ method: "POST", path, body, headers });
  if (status !== 200) throw new Error(`${finding.kind} was not approved: ${String(status)}.`);
};

/** By a role of our own account, in a session of her own name. */
const approveByRole = async ({ platform }: LabAccount, finding: WasteFindingJson, role: Role) => {
  const { accountId, id, name } = role;
  const gateway = serveRestApi({
    handler: (event) => platform.api.answer(event),
    root: apiBasePath,
    stage: localStage,
    address: { kind: "DOMAIN" },
    callerOf: () => ({
      accountId,
      caller: `${id}:grace`,
      userArn: `arn:aws:sts::${accountId}:assumed-role/${name}/grace`,
    }),
  });
  const { status } = await gateway(
    new Request(`http://api.local${apiBasePath}/waste/${finding.finding_id}/approve`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ bounds_hash: finding.bounds_hash }),
    }),
  );
  if (status !== 200) throw new Error(`${finding.kind} was not approved: ${String(status)}.`);
};

const addApproverRole = ({ platform }: LabAccount): Role => {
  const { identities } = platform.cloud;
  const { ownAccountId: accountId } = identities;
  return identities.addRole({
    accountId,
    name: "Operator",
    trustedPrincipals: [accountId],
    hasNamedSessions: true,
  });
};

/** One of each kind; ids of what is looked at later. */
const declare = ({ accountId, platform }: LabAccount): { taken: string; ended: string } => {
  const place = { accountId, region };
  const { control } = platform.ec2;
  control.addAddress(place);
  control.addVolume(place);
  const snapshotId = control.addSnapshot({ ...place, ageDays: 10 });
  control.addFastRestore({ ...place, snapshotId, days: 60 });
  const volumeId = control.addVolume({ ...place, tags: { CSIVolumeName: "pvc-1" } });
  control.addSnapshot({ ...place, volumeId, ageDays: 400 });
  for (const age of [501, 500, 499, 498, 497]) {
    const sharedWith = age === 501 ? { sharedWith: [{ UserId: "999900001111" }] } : {};
    control.addImage({ ...place, name: `old-${String(age)}`, ageDays: age, ...sharedWith });
  }
  control.addNatGateway(place);
  const selection = { Resources: ["arn:aws:ec2:*:*:instance/*"] };
  platform.backup.addPlan({ ...place, name: "instances", selection });
  const vpcId = control.fleet.subnets(place)[0]?.vpcId ?? "";
  const loadBalancerArn = platform.elb.addLoadBalancer({ ...place, name: "unused", vpcId });
  const targetGroupArn = platform.elb.addTargetGroup({
    ...place,
    name: "unused",
    vpcId,
    port: 80,
    loadBalancerArn,
  });
  platform.elb.addListener({ loadBalancerArn, targetGroupArn });
  return { taken: control.addAddress(place), ended: control.addVolume(place) };
};

/** What comes into use between a mark and the deletion that AWS did not answer: the mark is taken away. */
const takeMarked = async (stage: LabAccount, allocationId: string): Promise<void> => {
  const { accountId, platform } = stage;
  const restore = platform.cloud.faults.before(({ operation, input }) => {
    if (operation !== "ReleaseAddress" || !JSON.stringify(input).includes(allocationId)) return;
    throw refusals.unavailable();
  });
  await carryOut(stage, 4);
  restore();
  platform.ec2.control.addInterface({ accountId, region, allocationId });
};

export const walkWaste = async (stage: LabAccount): Promise<void> => {
  const { accountId, api, clock, platform } = stage;
  const { taken, ended } = declare(stage);
  const role = addApproverRole(stage);
  await setApprovalSettings(stage.table, accountIdSchema.parse(accountId), {
    approvers: [{ kind: "ROLE", id: role.id }],
    updatedAt: new Date(clock.now()).toISOString(),
  });
  await api.send({ method: "PUT", path: `/accounts/${accountId}/waste`, body: { enabled: true } });
  await scanDays(stage, 2);
  await asOwner(stage, "DeleteVolume", { VolumeId: ended });
  await scanDays(stage, 13);
  await clock.run({ atMostMs: clock.now() + 16 * 24 * hourMs });
  await platform.functions.invoke("waste-scan-place", {});
  const { items } = await api.get("/waste?status=OFFERED&limit=100", wastePageSchema);
  for (const finding of items) {
    await approve(stage, finding, "ada");
    if (finding.kind === "UNASSOCIATED_ADDRESS") await approveByRole(stage, finding, role);
  }
  await takeMarked(stage, taken);
  await carryOut(stage, 6);
  // What was made for an undo, and what was disabled first, has had its days.
  await clock.run({ atMostMs: clock.now() + 31 * 24 * hourMs });
  await carryOut(stage, 3);
};
