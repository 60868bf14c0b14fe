import { describe, expect, it } from "@jest/globals";
import { axisX, dot, text } from "@observablehq/plot";
import { svgOf } from "../../../local/plot/svg.ts";

const options = () => ({
  width: 200,
  height: 100,
  marks: [
    axisX([1, 2], { label: "Hours" }),
    dot([1, 2], { x: (hours: number) => hours, fill: "var(--ours)", title: () => `"a" < 'b' & c` }),
    text([`<script>&"`], { frameAnchor: "top" }),
  ],
});

describe("a drawing without a browser", () => {
  const svg = svgOf(options());

  it("is one SVG, with the style that the console's policy knows", () => {
    expect(svg).toMatch(/^<svg [^>]*class="plot"[^>]*><style>:where\(\.plot\)/);
    expect(svg).toMatch(/<\/svg>$/);
    expect(svg.match(/<svg/g)).toHaveLength(1);
  });

  it("keeps variables as colours, for light and dark", () => {
    expect(svg).toMatch(/<g fill="var\(--ours\)"/);
  });

  it("escapes texts", () => {
    expect(svg).not.toContain("<script>");
    expect(svg).toContain("&lt;script&gt;&amp;");
    expect(svg).toContain("<title>\"a\" &lt; 'b' &amp; c</title>");
  });

  it("names no mark: what is seen the whole says", () => {
    expect(svg).not.toContain("aria-label");
  });

  it("is the same for the same options", () => {
    expect(svgOf(options())).toBe(svg);
  });
});
