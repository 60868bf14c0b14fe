/** What a reading of the enforcer flags, over the wire, and what it leaves alone. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { listAudit } from "../../../adapters/store/audit.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { openEnforceLab, type EnforceLab } from "./enforce-lab.ts";

const other = (name: string): string => `arn:aws:sns:us-east-1:999988887777:${name}`;

const mutating = ({ platform: { cloud } }: EnforceLab, from: number) =>
  cloud.journal.slice(from).filter((entry) => entry.mutating && entry.roleArn !== undefined);

/** EC2 shows instances without the tags that they have. */
const hideTags = ({ platform: { cloud } }: EnforceLab, isHidden: (id: string) => boolean) =>
  cloud.faults.after(({ operation }, output) => {
    if (operation !== "DescribeInstances") return;
    const { Reservations } = output as {
      readonly Reservations: readonly {
        readonly Instances: { InstanceId: string; Tags?: unknown }[];
      }[];
    };
    for (const { Instances } of Reservations) {
      for (const each of Instances.filter(({ InstanceId }) => isHidden(InstanceId)))
        delete each.Tags;
    }
  });

const regionsOf = async (lab: EnforceLab) =>
  z.array(z.looseObject({})).parse((await lab.enforcer())["places"]);

describe("the enforcer", () => {
  it("is off until its account's owner turns it on: nothing is read", async () => {
    const lab = await openEnforceLab();
    lab.add(2);
    const from = lab.platform.cloud.journal.length;
    expect(await lab.scan()).toMatch(/^0 places read, 0 failed/);
    expect(lab.platform.cloud.journal).toHaveLength(from);
    expect(await lab.enforcer()).toMatchObject({ mode: "OFF", places: [] });
  });

  it.each([
    ["ON without a topic", { mode: "ON", topic_arn: undefined }],
    ["a topic of another account", { mode: "DRY_RUN", topic_arn: other("spot-optimizer-x") }],
    ["a topic of another name", { mode: "DRY_RUN", topic_arn: other("notices") }],
  ])("refuses %s", async (_, settings) => {
    const lab = await openEnforceLab();
    const { status, body } = await lab.send(
      "PUT",
      `/accounts/${lab.place.accountId}/enforcer`,
      settings,
    );
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [{ field: "topic_arn" }] });
  });

  it("flags in a dry run what runs without an owner, calls nothing that changes anything, and reads again an hour later", async () => {
    const lab = await openEnforceLab();
    const [unowned] = lab.add(1);
    lab.add(1, { tags: { "aws:autoscaling:groupName": "web" } });
    lab.add(1, { lifecycle: "spot" });
    lab.add(1, { state: "stopped" });
    await lab.set({ mode: "DRY_RUN" });
    const from = lab.platform.cloud.journal.length;
    expect(await lab.scan()).toBe("1 places read, 0 failed, 1 instances newly flagged.");
    const found = await lab.findings();
    expect([...found.keys()]).toEqual([unowned]);
    expect(found.get(unowned ?? "")).toMatchObject({
      status: "FLAGGED",
      verdict: "STOP",
      effects: [],
      grace: { readings: 1, readings_needed: 20 },
    });
    expect(await lab.scan()).toMatch(/^0 places read/);
    await lab.pass(61);
    expect(await lab.scan()).toMatch(/^1 places read/);
    expect(mutating(lab, from)).toEqual([]);
    expect(await regionsOf(lab)).toEqual([
      expect.objectContaining({ running: 3, cap: 0, by_tag_only: 0 }),
    ]);
  });

  it("never flags Karpenter, Batch, ECS, DRS, Image Builder, PCS nodes, tags arriving 90 s late", async () => {
    const lab = await openEnforceLab();
    const late = [
      "karpenter.sh/nodepool",
      "AWSBatchServiceTag",
      "AmazonECSManaged",
      "AWSElasticDisasterRecoveryManaged",
      "Ec2ImageBuilderArn",
      "aws:pcs:cluster-id",
    ].flatMap((key) => lab.add(1, { tags: { [key]: "x" }, ageHours: 1 / 60 }));
    const [unowned] = lab.add(1);
    await lab.set({ mode: "DRY_RUN" });
    const taggedAt = lab.clock.now() + 30_000;
    hideTags(lab, (id) => lab.clock.now() < taggedAt && late.some((each) => each === id));
    await lab.scan();
    const seen = new Set((await lab.findings()).keys());
    for (let hour = 0; hour < 30; hour += 1) {
      await lab.pass(60);
      await lab.scan();
      for (const each of (await lab.findings()).keys()) seen.add(each);
    }
    expect([...seen]).toEqual([unowned]);
  });

  it("never flags a container instance of ECS that carries no tag, and that joined since it was flagged", async () => {
    const lab = await openEnforceLab();
    const [member = "", later = "", other = ""] = lab.add(3);
    const clusters = Array.from({ length: 101 }, (_, at) => `fargate-${String(at)}`);
    for (const name of clusters)
      lab.platform.ecs.addCluster({ ...lab.place, name, instanceIds: [] });
    lab.platform.ecs.addCluster({ ...lab.place, name: "web", instanceIds: ["mi-01", member] });
    await lab.set({ mode: "DRY_RUN" });
    await lab.scan();
    expect([...(await lab.findings()).keys()].sort()).toEqual([later, other].sort());
    lab.platform.ecs.addCluster({ ...lab.place, instanceIds: [later] });
    await lab.pass(61);
    await lab.scan();
    expect([...(await lab.findings()).keys()]).toEqual([other]);
  });

  it("flags nobody of a fleet launched a minute ago", async () => {
    const lab = await openEnforceLab();
    lab.add(40, { tags: {}, ageHours: 1 / 60 });
    await lab.set({ mode: "DRY_RUN" });
    expect(await lab.scan()).toBe("1 places read, 0 failed, 0 instances newly flagged.");
  });

  it("flags nobody where a page of DescribeInstances has no Tags for all: the reading is incomplete", async () => {
    const lab = await openEnforceLab();
    lab.add(3);
    await lab.set({ mode: "DRY_RUN" });
    hideTags(lab, () => true);
    expect(await lab.scan()).toBe("0 places read, 1 failed, 0 instances newly flagged.");
    expect(await lab.findings()).toEqual(new Map());
    expect(await regionsOf(lab)).toEqual([
      expect.objectContaining({ incomplete: { at: expect.any(String), because: "NO_TAGS" } }),
    ]);
  });

  it("flags those of an account in which nothing has a tag, as the list of tags shows", async () => {
    const lab = await openEnforceLab();
    lab.add(3, { tags: {} });
    await lab.set({ mode: "DRY_RUN" });
    expect(await lab.scan()).toContain("3 instances newly flagged");
  });

  it.each([
    "DescribeInstances",
    "DescribeAutoScalingGroups",
    "DescribeTags",
    "DescribeInstanceTypes",
    "ListClusters",
  ])("flags and counts nobody where %s is throttled or refused", async (operation) => {
    const lab = await openEnforceLab();
    lab.add(2, { tags: {} });
    await lab.set({ mode: "DRY_RUN" });
    let isRefused = true;
    lab.platform.cloud.faults.before((call) => {
      if (isRefused && call.operation === operation) throw refusals.unauthorized();
    });
    expect(await lab.scan()).toBe("0 places read, 1 failed, 0 instances newly flagged.");
    expect(await lab.findings()).toEqual(new Map());
    isRefused = false;
    await lab.pass(61);
    expect(await lab.scan()).toContain("2 instances newly flagged");
  });

  it("counts hidden managed instances among the running ones, and skips them", async () => {
    const lab = await openEnforceLab();
    lab.add(50, { isHidden: true });
    const [unowned] = lab.add(1);
    await lab.set({ mode: "DRY_RUN" });
    await lab.scan();
    expect([...(await lab.findings()).keys()]).toEqual([unowned]);
    expect(await regionsOf(lab)).toEqual([expect.objectContaining({ running: 51, cap: 1 })]);
  });

  it("run twice at once flags once, and counts one reading", async () => {
    const lab = await openEnforceLab();
    const [unowned = ""] = lab.add(1);
    await lab.set({ mode: "DRY_RUN" });
    await Promise.all([lab.scan(), lab.scan()]);
    expect((await lab.findings()).get(unowned)).toMatchObject({ grace: { readings: 1 } });
  });

  it("lists unclaimed resources beside its findings, and finds each by kind, account, region and status", async () => {
    const lab = await openEnforceLab();
    lab.add(2);
    await lab.set({ mode: "DRY_RUN" });
    await lab.scan();
    const { accountId } = lab.place;
    expect((await lab.findings(`?account_id=${accountId}&status=FLAGGED`)).size).toBe(2);
    expect((await lab.findings("?kind=UNCLAIMED_RESOURCE")).size).toBe(0);
    expect((await lab.findings("?region=eu-west-1")).size).toBe(0);
    expect((await lab.findings("?status=STOPPED")).size).toBe(0);
    const first = await lab.api.send({ method: "GET", path: "/governance?limit=1" });
    const { items, cursor } = z
      .object({ items: z.array(z.unknown()), cursor: z.string() })
      .parse(JSON.parse(first.text));
    expect(items).toHaveLength(1);
    expect((await lab.findings(`?limit=1&cursor=${encodeURIComponent(cursor)}`)).size).toBe(1);
  });

  it("forgets what it knows of an account that is disconnected", async () => {
    const lab = await openEnforceLab();
    lab.add(1);
    await lab.set({ mode: "DRY_RUN" });
    await lab.scan();
    await lab.api.send({ method: "DELETE", path: `/accounts/${lab.place.accountId}` });
    await lab.scan();
    expect(await lab.findings()).toEqual(new Map());
  });
});

describe("an exemption", () => {
  const flagged = async () => {
    const lab = await openEnforceLab();
    const [unowned = ""] = lab.add(1);
    await lab.set({ mode: "DRY_RUN" });
    await lab.scan();
    const path = `/governance/gov-${lab.place.accountId}-${lab.place.region}-${unowned}/exempt`;
    const exempt = (days: number, headers = {}) =>
      lab.api.send({
        method: "POST",
        path,
        headers,
        body: {
          reason: "Bastion of the network team",
          until: new Date(lab.clock.now() + days * 24 * 3_600_000).toISOString(),
        },
      });
    return { lab, unowned, exempt };
  };

  it("names reason, end and who gave it, is in the audit, and gives a new full grace once it has ended", async () => {
    const { lab, unowned, exempt } = await flagged();
    const { status } = await exempt(2, { "spot-optimizer-identity": "ada" });
    expect(status).toBe(200);
    expect((await lab.findings()).get(unowned)).toMatchObject({
      status: "EXEMPT",
      exemption: { reason: "Bastion of the network team", by: "unauthenticated:ada" },
    });
    const { items } = await listAudit(lab.table, { limit: 1 });
    expect(items).toMatchObject([{ actor: "unauthenticated:ada", action: "EXEMPT" }]);
    await lab.pass(24 * 60);
    await lab.scan();
    expect((await lab.findings()).get(unowned)).toMatchObject({ status: "EXEMPT" });
    await lab.pass(25 * 60);
    await lab.scan();
    expect((await lab.findings()).get(unowned)).toMatchObject({
      status: "FLAGGED",
      grace: { readings: 0 },
    });
  });

  it.each([
    [91, "at most 90 days"],
    [-1, "in the future"],
  ])("of %i days is refused: it must end %s", async (days, words) => {
    const { exempt } = await flagged();
    const { status, text } = await exempt(days);
    expect(status).toBe(422);
    expect(text).toContain(words);
  });

  it("of what is not flagged is refused", async () => {
    const { lab } = await flagged();
    const { status } = await lab.api.send({
      method: "POST",
      path: `/governance/gov-${lab.place.accountId}-eu-west-1-i-0123456789abcdef0/exempt`,
      body: { reason: "Bastion", until: new Date(lab.clock.now() + 3_600_000).toISOString() },
    });
    expect(status).toBe(404);
  });
});

it("a changed rule that newly flags more than a tenth pauses it, says so in its log, and goes on once it is set again", async () => {
  const logged: string[] = [];
  const log = {
    info: () => undefined,
    warn: (line: string) => {
      logged.push(line);
    },
    error: () => undefined,
  };
  const lab = await openEnforceLab({ log });
  lab.add(8, { tags: { team: "shop" } });
  lab.add(1, { tags: { Name: "x" } });
  await lab.set({ mode: "DRY_RUN", allowed_tags: [{ key: "team" }] });
  await lab.scan();
  await lab.pass(61);
  await lab.set({ mode: "DRY_RUN", allowed_tags: [{ key: "teams" }] });
  await lab.scan();
  expect(await regionsOf(lab)).toMatchObject([{ paused: { newly_flagged: 8 } }]);
  expect(logged.filter((line) => line.includes("is paused"))).toHaveLength(1);
  await lab.pass(61);
  await lab.set({ mode: "DRY_RUN", allowed_tags: [{ key: "teams" }] });
  await lab.scan();
  const [standing] = await regionsOf(lab);
  expect(standing).not.toHaveProperty("paused");
});

it("a restored table, said to be so, begins every grace and the week of flags alone anew", async () => {
  const lab = await openEnforceLab();
  const [unowned = ""] = lab.add(1);
  await lab.set({ mode: "DRY_RUN" });
  await lab.scan();
  await lab.pass(61);
  await lab.scan();
  expect((await lab.findings()).get(unowned)).toMatchObject({ grace: { readings: 2 } });
  const [before] = await regionsOf(lab);
  const body = { reason: "The table was restored" };
  expect((await lab.api.send({ method: "POST", path: "/approvals/void", body })).status).toBe(200);
  await lab.pass(61);
  await lab.scan();
  expect((await lab.findings()).get(unowned)).toMatchObject({ grace: { readings: 1 } });
  const [after] = await regionsOf(lab);
  expect(after?.["flags_only_until"]).not.toBe(before?.["flags_only_until"]);
});
