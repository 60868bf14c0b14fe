/** Finds out which API is meant, and whether its calls are signed. */
import { Failure } from "../failure.ts";
import type { Globals } from "../globals.ts";

export interface ApiAddress {
  /** Without the base path of the API and without a slash at its end. */
  readonly url: string;
  /** False: this machine's own, which nobody signs for. */
  readonly isDeployed: boolean;
}

/** Where `npm start` listens. */
const localUrl = "http://127.0.0.1:4400";

const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);

const parsed = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new Failure("USAGE", `"${text}" is not the address of an API`, {
    next: "give --url https://…, the output ApiUrl of the stack",
  });
};

/** @throws Failure for what is not an address, and for an AWS profile without one */
export const addressOf = (
  { url: given, local, profile, region }: Pick<Globals, "url" | "local" | "profile" | "region">,
  env: Readonly<Record<string, string | undefined>>,
): ApiAddress => {
  const text = local === true ? localUrl : (given ?? env["SPOT_URL"]);
  if (text === undefined && (profile ?? region) !== undefined) {
    throw new Failure("USAGE", "The address of the API is not known", {
      next: "give --url, or set SPOT_URL to the output ApiUrl of the stack",
    });
  }
  const { origin, pathname, hostname, protocol } = parsed(text ?? localUrl);
  const isDeployed = !isLoopback(hostname);
  if (isDeployed && protocol === "http:") {
    throw new Failure("USAGE", `${origin} is not of this machine, and is not encrypted`, {
      next: "give --url https://…",
    });
  }
  return { url: origin + pathname.replace(/(?:\/api\/v1)?\/*$/, ""), isDeployed };
};
