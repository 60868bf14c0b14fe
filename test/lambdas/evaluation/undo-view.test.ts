import { describe, expect, it } from "@jest/globals";
import { createView, type UndoView } from "../../../lambdas/evaluation/undo-view.ts";

interface World {
  readonly sky: string;
  readonly sea: string | undefined;
}

interface Shore {
  readonly view: UndoView<World>;
  /** What is there to be seen. */
  readonly now: { sky: string; sea: string | undefined };
  /** Each part that was read, in order. */
  readonly readings: string[];
}

const shore = (): Shore => {
  const readings: string[] = [];
  const now: Shore["now"] = { sky: "blue", sea: undefined };
  const view = createView<World>({
    sky: () => {
      readings.push("sky");
      return Promise.resolve(now.sky);
    },
    sea: () => {
      readings.push("sea");
      return Promise.resolve(now.sea);
    },
  });
  return { view, now, readings };
};

describe("the view of an undo", () => {
  it("reads each part once, also one that is found empty", async () => {
    const { view, readings } = shore();
    expect(view.isFresh()).toBe(false);
    expect(await view.whole([])).toEqual({ sky: "blue", sea: undefined });
    await view.whole([]);
    await view.fresh([]);
    expect(readings).toEqual(["sky", "sea"]);
    expect(view.isFresh()).toBe(true);
  });

  it("keeps what it knows after an action, until it must be fresh", async () => {
    const { view, now, readings } = shore();
    await view.whole([]);
    view.outdate();
    await view.read(["sea"], []);
    now.sky = "grey";
    expect(view.isFresh()).toBe(false);
    expect((await view.whole([])).sky).toBe("blue");
    expect((await view.fresh([])).sky).toBe("grey");
    expect(readings).toEqual(["sky", "sea", "sea", "sky"]);
  });

  it("prints the same for the same parts in any order, and another for another reading", async () => {
    const { view, now } = shore();
    await view.whole([]);
    const before = view.printOf(["sky", "sea"]);
    expect(view.printOf(["sea", "sky"])).toBe(before);
    expect(view.printOf(["sky"])).not.toBe(before);
    now.sea = "rough";
    await view.read(["sea"], []);
    expect(view.printOf(["sky", "sea"])).not.toBe(before);
  });

  it("knows its parts by name, and no others", () => {
    expect(shore().view.partsNamed(["sea", "land"])).toEqual(["sea"]);
  });
});
