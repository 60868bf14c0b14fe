import { describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { createCloud } from "../../../local/cloud/dispatch.ts";
import { roll } from "../../../local/cloud/rolling.ts";
import { createSts } from "../../../local/cloud/sts/service.ts";

describe("a list that rolls", () => {
  it("keeps the youngest, and lets the others go a tenth at a time", () => {
    const entries: number[] = [];
    for (let entry = 1; entry <= 111; entry += 1) {
      entries.push(entry);
      roll(entries, 100);
      expect(entries.length).toBeLessThanOrEqual(110);
    }
    expect(entries.at(0)).toBe(12);
    expect(entries.at(-1)).toBe(111);
    expect(entries).toHaveLength(100);
  });

  it("is the journal of a cloud that is told so, and of no other", async () => {
    const callsOf = async (keptCalls?: number): Promise<number> => {
      const options = keptCalls === undefined ? {} : { keptCalls };
      const cloud = createCloud({ clock: new VirtualClock(0), seed: 1, ...options });
      cloud.serve(createSts(cloud));
      const { accessKeyId } = cloud.identities.operator;
      for (let call = 0; call < 30; call += 1) {
        await cloud.call({
          ...{ service: "sts", operation: "GetCallerIdentity", region: "us-east-1", input: {} },
          accessKeyId,
        });
      }
      return cloud.journal.length;
    };
    expect(await callsOf()).toBe(30);
    expect(await callsOf(10)).toBeLessThanOrEqual(11);
  });
});
