/** A browser that keeps what goes wrong in it, and axe, which judges what is shown. */
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import * as z from "zod";

type Scheme = "light" | "dark";

export interface Look {
  readonly width: number;
  readonly scheme: Scheme;
}

/** A small phone, a small window, a large screen. */
export const looks: readonly Look[] = [360, 1024, 1920].flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({ width, scheme })),
);

const height = 900;

/** What is not there by then does not come. */
const waitMs = 15_000;

export const openBrowser = (): Promise<Browser> => {
  const { CHROMIUM: executablePath, CHROMIUM_HEADED: headed } = process.env;
  if (executablePath === undefined)
    throw new Error("Run npm run test:console, which finds a browser.");
  return chromium.launch({
    executablePath,
    headless: headed === undefined,
    // Containers have no user namespaces; the page is our own.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
};

/** Runs in the page before anything of it: what its policy refuses, and when the first content was there. */
const watchInPage = `
  addEventListener("securitypolicyviolation", (event) => {
    console.error("refused by the policy: " + event.violatedDirective + " " + event.blockedURI);
  });
`;

export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, requests to elsewhere. */
  readonly faults: readonly string[];
  readonly leave: () => Promise<void>;
}

/** A status of the API that is not a success is told by the browser as well; the page has to say it. */
const isOfStatus = (text: string): boolean => text.startsWith("Failed to load resource");

interface Visiting {
  readonly url: string;
  readonly path: string;
  readonly look: Look;
  /** Before anything is loaded. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export const visit = async (
  browser: Browser,
  { url, path, look, prepare }: Visiting,
): Promise<Visit> => {
  const context = await browser.newContext({
    viewport: { width: look.width, height },
    colorScheme: look.scheme,
    reducedMotion: "reduce",
  });
  const faults: string[] = [];
  context.setDefaultTimeout(waitMs);
  const page = await context.newPage();
  page.on("console", (message) => {
    const isFault = ["error", "warning"].includes(message.type()) && !isOfStatus(message.text());
    if (isFault) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(`${url}/`) && !asked.startsWith("blob:"))
      faults.push(`request: ${asked}`);
  });
  await page.addInitScript(watchInPage);
  await prepare?.(page);
  await page.goto(url + path);
  return { page, faults, leave: () => context.close() };
};

const resultsSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      help: z.string(),
      nodes: z.array(z.object({ target: z.array(z.unknown()), failureSummary: z.string() })),
    }),
  ),
});

/** Shows a page that was loaded in another way. */
export const wear = async (page: Page, { width, scheme }: Look): Promise<void> => {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  // What draws to a width does so in the frame after.
  await page.evaluate(
    "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
  );
};

/** What axe finds, a line each. What it has not to complain of it need not tell. */
export const axeFindings = async (page: Page): Promise<readonly string[]> => {
  if ((await page.evaluate("typeof axe")) === "undefined") await page.evaluate(axe.source);
  const { violations } = resultsSchema.parse(
    await page.evaluate("axe.run(document, { resultTypes: ['violations'] })"),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} (${help}) at ${target.map(String).join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ")}`,
    ),
  );
};

/** Nothing is cut off at the side: a page scrolls one way, and so does a dialog on it. */
export const overflow = async (page: Page): Promise<number> =>
  z
    .number()
    .parse(
      await page.evaluate(
        "Math.max(...[document.documentElement, ...document.querySelectorAll('dialog[open]')].map((box) => box.scrollWidth - box.clientWidth))",
      ),
    );

export const elementsOf = async (page: Page): Promise<number> =>
  z.number().parse(await page.evaluate("document.querySelectorAll('*').length"));
