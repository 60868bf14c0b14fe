/**
 * Tells requests that web pages send to the ports of this machine. A browser lets any page send them to 127.0.0.1: it says so in its
 * headers, or (a name of the page's own that now leads here, DNS rebinding) in Host. Source: Fetch Metadata Request Headers (W3C), Fetch (WHATWG).
 */
import type { IncomingMessage } from "node:http";

interface GuardedPort {
  readonly scheme: "http" | "https";
  readonly port: number;
}

const loopbackNames = ["127.0.0.1", "localhost", "[::1]"] as const;

/** What a browser says of where a request of a page's own comes from; `none`: the user has typed the address. */
const harmlessSites: ReadonlySet<string> = new Set(["same-origin", "none"]);

/** Where several are sent none of them is believed. */
const only = (values: readonly string[] | undefined): string | undefined =>
  values?.length === 1 ? values[0] : undefined;

/** Clients leave these out. */
const usualPorts: Readonly<Record<GuardedPort["scheme"], number>> = { http: 80, https: 443 };

const hostsOf = ({ scheme, port }: GuardedPort): readonly string[] =>
  loopbackNames.map((name) => (port === usualPorts[scheme] ? name : `${name}:${String(port)}`));

const refusalOf = (
  headers: IncomingMessage["headersDistinct"],
  guarded: GuardedPort,
): string | undefined => {
  const hosts = hostsOf(guarded);
  const host = only(headers["host"])?.toLowerCase();
  if (host === undefined || !hosts.includes(host)) {
    return `Only requests to a loopback name are answered: let Host be ${hosts.join(" or ")}.`;
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && !harmlessSites.has(only(site) ?? "")) {
    return "Requests of web pages are not answered: by Sec-Fetch-Site another site has sent this one.";
  }
  const origin = headers["origin"];
  if (origin !== undefined && only(origin) !== `${guarded.scheme}://${host}`) {
    return "Requests of web pages are not answered: Origin is not this address.";
  }
  return undefined;
};

/** @returns why the request is refused, in a sentence; undefined for one that no page of elsewhere has sent */
export const pageRefusal = (
  { headersDistinct, socket }: Pick<IncomingMessage, "headersDistinct" | "socket">,
  scheme: GuardedPort["scheme"],
): string | undefined => refusalOf(headersDistinct, { scheme, port: socket.localPort ?? 0 });
