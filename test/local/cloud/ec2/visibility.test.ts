import { describe, expect, it } from "@jest/globals";
import { slowToShow } from "../../../../local/cloud/ec2/settings.ts";
import { createWorld, present, refusalOf, spotLaunchOf, type World } from "./world.ts";

const tags = [{ Key: "run", Value: "1" }];

interface Sights {
  readonly id: boolean;
  readonly filter: boolean;
  readonly tag: boolean;
}

const isShown = (world: World, input: Parameters<typeof seenBy>[1]): boolean =>
  seenBy(world, input) > 0;

const seenBy = (
  world: World,
  input: { readonly Filters: { readonly Name: string; readonly Values: string[] }[] },
): number => world.call("DescribeInstances", input).Reservations?.length ?? 0;

const sightsOf = (world: World, id: string): Sights => ({
  id:
    refusalOf(() => world.call("DescribeInstances", { InstanceIds: [id] })) !==
    "InvalidInstanceID.NotFound",
  filter: isShown(world, { Filters: [{ Name: "instance-id", Values: [id] }] }),
  tag: isShown(world, { Filters: [{ Name: "tag:run", Values: ["1"] }] }),
});

/** What each second of the first two minutes shows, for a number of launches. */
const watchLaunches = async (count: number): Promise<readonly (readonly Sights[])[]> => {
  const stories: Sights[][] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const world = createWorld(slowToShow);
    // Each world has the same seed: another number of ids is drawn before.
    for (let before = 0; before < nth; before += 1) world.addInstance();
    const { Instances } = world.call("RunInstances", {
      ...spotLaunchOf(world, world.addInstance()),
      TagSpecifications: [{ ResourceType: "instance", Tags: tags }],
    });
    const id = present(Instances?.[0]?.InstanceId);
    const story: Sights[] = [];
    for (let second = 0; second <= 120; second += 1) {
      story.push(sightsOf(world, id));
      await world.pass(1);
    }
    stories.push(story);
  }
  return stories;
};

const paths = ["id", "filter", "tag"] as const;

const stories = await watchLaunches(12);

const firstSeen = (story: readonly Sights[], path: keyof Sights): number =>
  story.findIndex((sights) => sights[path]);

describe("a day on which EC2 is slow to show what is new", () => {
  it("shows it on one path long before another", () => {
    const gaps = stories.map((story) => {
      const seen = paths.map((path) => firstSeen(story, path));
      return Math.max(...seen) - Math.min(...seen);
    });
    expect(Math.max(...gaps)).toBeGreaterThan(20);
  });

  it("shows it, and then not, on each path in some launches", () => {
    for (const path of paths) {
      const lapsed = stories.filter((story) =>
        story.slice(firstSeen(story, path)).some((sights) => !sights[path]),
      );
      expect(lapsed.length).toBeGreaterThan(0);
      expect(lapsed.length).toBeLessThan(stories.length);
    }
  });

  it("shows it on all paths after a minute, for good", () => {
    for (const story of stories) {
      expect(story.slice(61)).toEqual(
        story.slice(61).map(() => ({ id: true, filter: true, tag: true })),
      );
    }
  });

  it("is drawn from the seed", async () => {
    expect(await watchLaunches(2)).toEqual(stories.slice(0, 2));
  });
});

describe("a client token whose instance has ended", () => {
  it("is refused while EC2 shows the instance, and when it has forgotten it", async () => {
    const world = createWorld();
    const launch = { ...spotLaunchOf(world, world.addInstance()), ClientToken: "t-1" };
    const id = present(world.call("RunInstances", launch).Instances?.[0]?.InstanceId);
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(60);
    const again = () => world.call("RunInstances", launch);
    expect(refusalOf(again)).toBe("IdempotentInstanceTerminated");
    await world.pass(4000);
    expect(sightsOf(world, id)).toEqual({ id: false, filter: false, tag: false });
    expect(refusalOf(again)).toBe("IdempotentInstanceTerminated");
  });
});

describe("DeregisterImage with DeleteAssociatedSnapshots", () => {
  const snapshotsAfter = (deletesAssociatedSnapshots: boolean): readonly unknown[] => {
    const world = createWorld({ deletesAssociatedSnapshots });
    const { ImageId } = world.call("CreateImage", {
      InstanceId: world.addInstance(),
      Name: "of-the-original",
      NoReboot: true,
    });
    const answer = world.call("DeregisterImage", { ImageId, DeleteAssociatedSnapshots: true });
    const codes = answer.DeleteSnapshotResults?.map(({ ReturnCode }) => ReturnCode);
    const own = { OwnerIds: ["self"], Filters: [{ Name: "description", Values: ["Created by*"] }] };
    return [codes, world.call("DescribeSnapshots", own).Snapshots?.length];
  };

  it("deletes them, or says which it did not delete", () => {
    expect(snapshotsAfter(true)).toEqual([["success"], 0]);
    expect(snapshotsAfter(false)).toEqual([["internal-error"], 1]);
  });
});
