import { describe, expect, it } from "@jest/globals";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { takeLaunches } from "../../../lambdas/fleet/calls.ts";
import { readsAtPace } from "../../../lambdas/fleet/reads.ts";
import type { CustomerClients } from "../../../lambdas/runtime/context.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

const place = { accountId: accountIdSchema.parse("444455556666"), region: "eu-central-1" };
const startMs = Date.parse("2026-03-01T12:00:00.000Z");

/** A clock that moves while somebody waits. */
const virtual = () => {
  let nowMs = startMs;
  return {
    table: createMemoryTable(),
    now: () => new Date(nowMs),
    pause: (milliseconds: number) => {
      nowMs += milliseconds;
      return Promise.resolve();
    },
  };
};

type Context = ReturnType<typeof virtual>;

interface Named {
  send(request: { readonly name: string }): Promise<string>;
}

/** Tells when it was asked, in seconds. */
const clientOf = ({ now }: Context): Named & { readonly times: number[] } => {
  const times: number[] = [];
  return {
    times,
    send: (request) => {
      times.push((now().getTime() - startMs) / 1000);
      return Promise.resolve(request.name);
    },
  };
};

/** As a client of one of AWS's APIs. */
const pacedAs = (context: Context, name: keyof CustomerClients, client: Named): Named => {
  const clients = { [name]: client } as unknown as Partial<CustomerClients>;
  return readsAtPace(context, place)(clients)[name] as unknown as Named;
};

describe("reading calls at their pace", () => {
  it("are 25 at once and five a second after them, also where many ask at the same time", async () => {
    const context = virtual();
    const client = clientOf(context);
    const paced = pacedAs(context, "ec2", client);
    const asked = Array.from({ length: 60 }, (_, index) => paced.send({ name: String(index) }));
    expect(await Promise.all(asked)).toEqual(asked.map((_, index) => String(index)));
    expect(client.times).toHaveLength(60);
    expect(client.times.filter((second) => second === 0)).toHaveLength(25);
    expect(client.times.at(-1)).toBeCloseTo(35 / 5);
  });

  it("of two invocations share what there is", async () => {
    const context = virtual();
    const client = clientOf(context);
    const one = pacedAs(context, "ec2", client);
    const other = pacedAs(context, "ec2", client);
    for (let call = 0; call < 20; call += 1) {
      await one.send({ name: "one" });
      await other.send({ name: "other" });
    }
    for (const [first, from] of client.times.entries()) {
      client.times.slice(first).forEach((until, count) => {
        expect(count + 1).toBeLessThanOrEqual(25 + 1e-6 + (until - from) * 5 + 1);
      });
    }
  });

  it("are refused where others have taken the next minute, and made after it", async () => {
    const context = virtual();
    const client = clientOf(context);
    for (let taken = 0; taken < 400; taken += 1) {
      const reads = pacedAs(context, "ec2", client);
      try {
        await reads.send({ name: "early" });
      } catch (error) {
        expect(error).toMatchObject({ name: "RetryableThrottled", isOwn: true });
        break;
      }
    }
    await context.pause(5 * 60_000);
    expect(await pacedAs(context, "ec2", client).send({ name: "late" })).toBe("late");
  });

  it("take nothing of launches, nor these of them", async () => {
    const context = virtual();
    const reads = pacedAs(context, "ec2", clientOf(context));
    for (let call = 0; call < 20; call += 1) await reads.send({ name: "read" });
    expect(await takeLaunches(context, { place, calls: 3, withinSeconds: 60 })).toMatchObject({
      granted: 3,
      afterSeconds: 0,
    });
  });

  it.each([
    "autoScaling",
    "cloudFormation",
    "cloudWatch",
    "eks",
    "kms",
    "serviceQuotas",
    "ssm",
  ] as const)("of %s are twelve at once and five in two seconds after them", async (name) => {
    const context = virtual();
    const client = clientOf(context);
    const paced = pacedAs(context, name, client);
    for (let call = 0; call < 32; call += 1) await paced.send({ name: "read" });
    expect(client.times.filter((second) => second === 0)).toHaveLength(12);
    expect(client.times.at(-1)).toBeCloseTo(20 / 2.5);
  });

  it("of both versions of ELB's API are counted together, and those of EC2 apart", async () => {
    const context = virtual();
    const [elb, classicElb, ec2] = [clientOf(context), clientOf(context), clientOf(context)];
    const clients = { elb, classicElb, ec2 } as unknown as CustomerClients;
    const paced = readsAtPace(context, place)(clients) as unknown as Record<string, Named>;
    for (let call = 0; call < 6; call += 1) {
      await paced["elb"]?.send({ name: "new" });
      await paced["classicElb"]?.send({ name: "old" });
      await paced["ec2"]?.send({ name: "other" });
    }
    expect(context.now().getTime()).toBe(startMs);
    await paced["elb"]?.send({ name: "new" });
    expect(context.now().getTime()).toBe(startMs + 400);
  });

  it("of a cluster's own API do not wait", () => {
    const clients = { kubernetes: () => undefined } as unknown as CustomerClients;
    expect(readsAtPace(virtual(), place)(clients).kubernetes).toBe(clients.kubernetes);
  });
});
