import { describe, expect, it } from "@jest/globals";
import { judgeFiles } from "./judged-files.ts";

const circles = [
  {
    what: "types",
    one: 'import type { Two } from "./two.ts";\nexport interface One { two: Two }\n',
    two: 'import type { One } from "./one.ts";\nexport interface Two { one: One }\n',
  },
  {
    what: "types one way, values the other",
    one: 'import { two } from "./two.ts";\nexport type One = typeof two;\n',
    two: 'import type { One } from "./one.ts";\nexport const two = (one: One): One => one;\n',
  },
  {
    what: "re-exports",
    one: 'export type { Two } from "./two.ts";\nexport type One = 1;\n',
    two: 'export type { One } from "./one.ts";\nexport type Two = 2;\n',
  },
];

const none = {
  one: 'import type { Two } from "./two.ts";\nexport interface One { two: Two }\n',
  two: "export type Two = 2;\n",
};

/** Judged by the house's own rule. */
const { broken, cruised } = judgeFiles(
  [...circles, none].map(({ one, two }) => ({ "one.ts": one, "two.ts": two })),
);

describe("no circle of imports", () => {
  it.each(circles.map((circle, index) => ({ ...circle, index })))(
    "is refused where two files import each other: $what",
    ({ index }) => {
      expect(broken[index]).toContain("no-circular");
    },
  );

  it("is not seen where there is none", () => {
    // Two each way, and one where there is none.
    expect(cruised).toBe("8 modules, 7 dependencies");
    expect(broken.at(-1)).toEqual([]);
  });
});
