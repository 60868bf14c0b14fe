import { describe, expect, it } from "@jest/globals";
import { listPoolEvents, recordLoss } from "../../../../adapters/store/pools.ts";
import { keepSpotEvent } from "../../../../adapters/store/spot-events.ts";
import { listSpotInstances } from "../../../../adapters/store/spot-instances.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { LogKeys } from "../../../../lambdas/runtime/log.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";

interface Line {
  readonly message: string;
  readonly keys: LogKeys | undefined;
}

/** An account that forwards no events: its rule has lost its role. */
const openSilent = async (environment: "LAB" | "PROD" = "PROD") => {
  const lines: Line[] = [];
  const note = (message: string, keys?: LogKeys): void => void lines.push({ message, keys });
  const log = { info: () => undefined, warn: note, error: note };
  const lab = await openSweepLab({ environment, log });
  return {
    lab,
    told: () => lines.filter(({ keys }) => keys?.["untoldLosses"] !== undefined),
  };
};

const addSpot = ({ account, place }: SweepLab): string =>
  account.platform.ec2.control.addInstance({
    ...place,
    instanceType: "m5.large",
    lifecycle: "spot",
  });

/** Once it is in the inventory, it goes, and a sweep finds it gone. */
const loseAndSweep = async (
  lab: SweepLab,
  lose: (instanceId: string) => Promise<void> | void,
): Promise<string> => {
  const instanceId = addSpot(lab);
  await lab.sweep();
  await lose(instanceId);
  await passMinutes(lab, 15);
  await lab.sweep();
  return instanceId;
};

/** As the function does that hears of a warning. */
const blame = ({ account, place }: SweepLab, instanceId: string): Promise<void> =>
  recordLoss(account.table, {
    pool: {
      region: place.region,
      zoneId: account.platform.ec2.control.find(instanceId)?.zoneId ?? "",
      instanceType: "m5.large",
      product: "Linux/UNIX",
    },
    at: new Date(account.clock.now()).toISOString(),
    what: instanceId,
    accountId: place.accountId,
    environment: "PROD",
  });

const lossesIn = async ({ account, place: { region } }: SweepLab) =>
  (await listPoolEvents(account.table, { region, since: new Date(0).toISOString() })).losses;

describe("a loss that no event told", () => {
  it("because the customer's rule has lost its role is found by the sweep: it raises the pool's risk, and the account's alarm, once", async () => {
    const { lab, told } = await openSilent();
    const { control } = lab.account.platform.ec2;
    let at = "";
    const instanceId = await loseAndSweep(lab, (id) => {
      at = new Date(lab.account.clock.now()).toISOString();
      control.interrupt(id);
    });
    await passMinutes(lab, 15);
    await lab.sweep();
    expect(await lossesIn(lab)).toMatchObject([
      { at, isLate: true, accountId: lab.place.accountId, environment: "PROD" },
    ]);
    const [line, ...more] = told();
    expect(more).toEqual([]);
    expect(line?.message).toContain(`the first of them ${instanceId} at ${at}.`);
    expect(line?.keys).toMatchObject({ ...lab.place, untoldLosses: 1 });
    const shown = await lab.account.api.getText("/risk/pools?region=us-east-1");
    expect(JSON.parse(shown)).toMatchObject({ items: [{ losses: 1, found_late: 1 }] });
  });

  it("in a LAB account is told, and says nothing of its pool", async () => {
    const { lab, told } = await openSilent("LAB");
    await loseAndSweep(lab, (id) => {
      lab.account.platform.ec2.control.interrupt(id);
    });
    expect(await lossesIn(lab)).toEqual([]);
    expect(told()).toHaveLength(1);
  });

  it("by price, by an experiment or by its owner is none", async () => {
    const { lab, told } = await openSilent();
    const { control } = lab.account.platform.ec2;
    const [dear, tried, ended] = [addSpot(lab), addSpot(lab), addSpot(lab)];
    await lab.sweep();
    control.interrupt(dear, { why: "price" });
    control.interrupt(tried, { why: "experiment" });
    control.terminateByOwner(ended);
    await passMinutes(lab, 15);
    await lab.sweep();
    expect(await listSpotInstances(lab.account.table, lab.place)).toEqual(new Map());
    expect(await lossesIn(lab)).toEqual([]);
    expect(told()).toEqual([]);
  });

  it("is not taken back from its pool because somebody has ended the instance within the notice", async () => {
    const { lab } = await openSilent();
    await loseAndSweep(lab, async (instanceId) => {
      lab.account.platform.ec2.control.interrupt(instanceId);
      await blame(lab, instanceId);
      lab.account.platform.ec2.control.terminateByOwner(instanceId);
    });
    expect(await lossesIn(lab)).toHaveLength(1);
  });

  it("by price is taken back from the pool that its warning had blamed, and is not remembered when it is told again", async () => {
    const { lab } = await openSilent();
    const id = await loseAndSweep(lab, async (instanceId) => {
      lab.account.platform.ec2.control.interrupt(instanceId, { why: "price" });
      await blame(lab, instanceId);
      expect(await lossesIn(lab)).toHaveLength(1);
    });
    expect(await lossesIn(lab)).toEqual([]);
    await blame(lab, id);
    expect(await lossesIn(lab)).toEqual([]);
  });

  it("is not late where a warning told of it, and then nobody is alarmed", async () => {
    const { lab, told } = await openSilent();
    const now = (): string => new Date(lab.account.clock.now()).toISOString();
    await loseAndSweep(lab, async (id) => {
      lab.account.platform.ec2.control.interrupt(id);
      await keepSpotEvent(lab.account.table, {
        ...lab.place,
        kind: "INTERRUPTION_WARNING",
        action: "terminate",
        instanceId: instanceIdSchema.parse(id),
        at: now(),
        receivedAt: now(),
      });
    });
    const losses = await lossesIn(lab);
    expect(losses).toHaveLength(1);
    expect(losses[0]).not.toHaveProperty("isLate");
    expect(told()).toEqual([]);
  });

  it("of which EC2 could not be asked is found by the next sweep", async () => {
    const { lab, told } = await openSilent();
    const { cloud, ec2 } = lab.account.platform;
    const release = cloud.faults.before(({ operation }) => {
      if (operation === "DescribeSpotInstanceRequests") {
        throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
      }
    });
    await loseAndSweep(lab, (id) => {
      ec2.control.interrupt(id);
    });
    expect(await lossesIn(lab)).toEqual([]);
    release();
    await passMinutes(lab, 15);
    await lab.sweep();
    expect(await lossesIn(lab)).toHaveLength(1);
    expect(told()).toHaveLength(1);
  });
});
