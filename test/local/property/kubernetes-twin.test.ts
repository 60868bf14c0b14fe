import { describe, expect, it } from "@jest/globals";
import { createNodeLab } from "../../../local/lab/node-lab.ts";
import type { Interference } from "../../../local/property/kubernetes/interference.ts";
import { judgeAgainstTwin } from "../../../local/property/kubernetes/twin.ts";

const options = { nodes: { size: 3, min: 1, max: 6, zones: 1 } } as const;

/** As many originals as are named for each time that it acts: with us, then in the twin. */
const endOriginals = (counts: readonly number[]): Interference => {
  let acted = 0;
  return {
    sentence: "originals end",
    isDisturbing: true,
    needsPerson: true,
    takes: "ORIGINAL",
    afterSeconds: 0,
    act: ({ platform, cluster }) => {
      for (const id of cluster.instanceIds.slice(0, counts[acted] ?? 0)) {
        platform.ec2.control.terminateByOwner(id);
      }
      acted += 1;
    },
  };
};

const judged = async (interference: Interference): Promise<readonly string[]> => {
  const lab = await createNodeLab(options);
  const { clock } = lab.account;
  await clock.run({ atMostMs: clock.now() + 60_000 });
  const actedMs = clock.now();
  interference.act(lab);
  await clock.run({ atMostMs: actedMs + 20 * 60_000 });
  return judgeAgainstTwin(options, { lab, interference, actedMs });
};

describe("a replacement of nodes beside its twin without us", () => {
  it("is not blamed for what others take from both", async () => {
    expect(await judged(endOriginals([1, 1]))).toEqual([]);
  });

  it("is blamed for what serves less than in the twin", async () => {
    const [first] = await judged(endOriginals([2, 1]));
    expect(first).toContain("1 members serve, 3 are asked for, and without us 2 serve");
  });

  it("is held against what is asked for where nobody else ends an instance", async () => {
    const lab = await createNodeLab(options);
    const { clock } = lab.account;
    const [id = ""] = lab.cluster.instanceIds;
    lab.platform.ec2.control.terminateByOwner(id);
    await clock.run({ atMostMs: clock.now() + 60_000 });
    const found = await judgeAgainstTwin(options, {
      lab,
      interference: undefined,
      actedMs: undefined,
    });
    expect(found.length).toBeGreaterThan(0);
  });
});
