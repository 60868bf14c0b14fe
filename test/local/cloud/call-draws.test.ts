import { describe, expect, it } from "@jest/globals";
import { cloudRandom, drawnPerCall, duringCall } from "../../../local/cloud/call-draws.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { createCloud } from "../../../local/cloud/dispatch.ts";
import { createRandom } from "../../../local/cloud/random.ts";

const perCall = () => drawnPerCall(createRandom(1)).fork("ec2");

describe("what a call draws", () => {
  it("depends on the call alone, not on what others have drawn", () => {
    const [one, other] = [perCall(), perCall()];
    duringCall("refused", () => one.hex(17));
    const ids = [one, other].map((random) =>
      duringCall("5", () => [random.hex(17), random.hex(17)]),
    );
    expect(ids[0]).toEqual(ids[1]);
    expect(new Set(ids[0]).size).toBe(2);
  });

  it("is another for each call, each use and each seed", () => {
    const random = drawnPerCall(createRandom(1));
    const [ec2, elb] = [random.fork("ec2"), random.fork("elb")];
    const other = drawnPerCall(createRandom(2)).fork("ec2");
    const drawn = ["1", "2"].flatMap((key) =>
      duringCall(key, () => [ec2, elb, other].map((stream) => stream.hex(17))),
    );
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it("is spread as it should be", () => {
    const random = perCall();
    const drawn = Array.from({ length: 2000 }, (_, index) =>
      duringCall(String(index), () => [random.integer(1, 4), random.next()] as const),
    );
    const mean = drawn.reduce((sum, [, value]) => sum + value, 0) / drawn.length;
    expect(mean).toBeGreaterThan(0.48);
    expect(mean).toBeLessThan(0.52);
    expect([...new Set(drawn.map(([whole]) => whole))].sort()).toEqual([1, 2, 3, 4]);
  });

  it("leaves alone what happens by itself, and forks that go by a name", () => {
    const [random, plain] = [perCall(), createRandom(1).fork("ec2")];
    duringCall("1", () => random.hex(17));
    expect(random.next()).toBe(plain.next());
    expect(duringCall("1", () => random.fork("vol-1").next())).toBe(plain.fork("vol-1").next());
  });

  it("is drawn by the seed alone where a cloud is not to be played again", () => {
    const random = cloudRandom(1, false);
    expect(duringCall("1", () => random.hex(4))).toBe(createRandom(1).hex(4));
  });

  it("does not change when a call before it was refused after it had drawn", async () => {
    const idAfter = async (refusals: number): Promise<unknown> => {
      const clock = new VirtualClock(1000);
      const cloud = createCloud({ clock, seed: 1, drawsPerCall: true });
      const ids = cloud.random.fork("ec2");
      const create = (_call: unknown, { Size }: { readonly Size?: number }): object => {
        const VolumeId = `vol-${ids.hex(17)}`;
        if (Size === 0) throw new CloudError("InvalidParameterValue", "no size");
        return { VolumeId };
      };
      cloud.serve({ service: "ec2", operations: { CreateVolume: create } });
      const { accessKeyId } = cloud.identities.operator;
      const call = (Size: number): Promise<unknown> =>
        cloud.call({
          service: "ec2",
          operation: "CreateVolume",
          region: "us-east-1",
          accessKeyId,
          input: { AvailabilityZone: "us-east-1a", Size },
        });
      for (let count = 0; count < refusals; count += 1) {
        await expect(call(0)).rejects.toThrow("no size");
      }
      clock.elapse(1);
      // Each call is at an instant of its own.
      await clock.run({ atMostMs: 2000 });
      return call(1);
    };
    expect(await idAfter(3)).toEqual(await idAfter(0));
  });
});
