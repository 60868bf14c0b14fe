/** Every screen in each of its states: on what the real API answers after a switch, empty, on its way, and out of order. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { accountId, createLab } from "../../local/lab/lab.ts";
import { plain } from "../../local/lab/scenarios.ts";
import { visit } from "./browser.ts";
import { usualFleet } from "./fleets.ts";
import { describeHeld, withBrowser, type ShownState } from "./held.ts";
import { apiOf, json, never, problem, servePage, shared, type Api } from "./page-under-test.ts";

const evaluation = "evl-00000000000000000001";
const target = `tgt-${"0".repeat(20)}`;

/** With what it says where there is nothing. */
const lists: readonly (readonly [path: string, empty: string])[] = [
  ["/approvals", "Nothing waits for anybody."],
  ["/waste", "Nothing is to be decided."],
  ["/governance", "Nothing runs without an owner"],
  ["/accounts", "No account is connected."],
];

/** Of one thing each. */
const details = [
  "/approvals/apr-1",
  "/waste/waste-1",
  `/accounts/${accountId}`,
  `/targets/${target}`,
];

const browser = withBrowser();

/** What every screen asks for is there; nothing else answers otherwise. */
const only =
  (rest: Api): Api =>
  (request) => {
    const path = new URL(request.url).pathname.replace(/^\/api\/v1/, "");
    return (shared[path] ?? rest)(request);
  };

const unavailable = "The state table does not answer.";

const withoutAnswers = (path: string): readonly ShownState[] => [
  {
    name: `${path}, on its way`,
    api: () => only(never),
    path,
    shows: "[aria-label=Loading]",
  },
  {
    name: `${path}, out of order`,
    api: () => only(problem(503, unavailable)),
    path,
    shows: `text=${unavailable}`,
  },
];

const emptyList = json({ items: [] });

describeHeld(
  "a screen",
  [
    ...lists.flatMap(([path, empty]) => [
      {
        name: `${path}, empty`,
        api: () => only(emptyList),
        path,
        shows: `text=${empty}`,
      },
      ...withoutAnswers(path),
    ]),
    ...details.flatMap(withoutAnswers),
    {
      name: "that there is not",
      api: () => apiOf(shared),
      path: "/nowhere",
      shows: "text=There is no such page",
    },
  ],
  browser,
);

let once: Promise<Api> | undefined;

/** After a switch. */
const switched = (): Promise<Api> =>
  (once ??= createLab(plain).then(async (lab) => {
    await lab.run();
    return lab.platform.gateway;
  }));

describeHeld(
  "after a switch",
  [
    ...["approvals", "savings", "risk", "waste", "governance", "accounts"].map((path) => ({
      name: path,
      api: switched,
      path: `/${path}`,
      shows: "h1",
    })),
    {
      name: "the account",
      api: switched,
      path: `/accounts/${accountId}`,
      shows: "text=Missing actions",
    },
    {
      name: "the target",
      api: switched,
      path: "/",
      opens: "a.name",
      shows: "text=What the sweep says",
    },
  ],
  browser,
);

const putSchema = z.object({ engaged: z.boolean(), reason: z.string() });

describe("the kill switch, on a phone", () => {
  const sent: z.infer<typeof putSchema>[] = [];
  const api = only(problem(503, unavailable));
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    server = await servePage(async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/api/v1/fleet") return json(usualFleet)(request);
      if (request.method !== "PUT" || !pathname.endsWith("/kill-switch")) return api(request);
      sent.push(putSchema.parse(await request.json()));
      return json({ engaged: true, effective: true })(request);
    });
  });
  afterAll(() => server.close());

  it("is thrown by two keys and a reason from every screen of the bar, and from what lies behind", async () => {
    const { page, leave } = await visit(browser(), {
      url: server.url,
      path: "/",
      look: { width: 360, scheme: "light" },
    });
    await page.locator("text=web-0").first().waitFor();
    const inBar = z
      .array(z.string())
      .parse(
        await page.evaluate(
          "[...document.querySelectorAll('#screens a')].map((link) => link.getAttribute('href'))",
        ),
      );
    const behind = [...details, `/evaluations/${evaluation}`, `/accounts/${accountId}/preflight`];
    for (const path of [...inBar, ...behind]) {
      await page.goto(server.url + path);
      await page.locator("h1").waitFor();
      await page.getByRole("button", { name: "Stop all…" }).waitFor();
      await page.keyboard.press("!");
      await page.keyboard.type(`INC ${path}`);
      await page.keyboard.press("Enter");
      await page.locator("dialog[open]").waitFor({ state: "detached" });
    }
    await leave();
    expect(inBar).toHaveLength(8);
    expect(sent).toEqual(
      [...inBar, ...behind].map((path) => ({ engaged: true, reason: `INC ${path}` })),
    );
  });
});
