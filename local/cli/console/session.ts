/**
 * Lets the browser in that was given the address which `spot console` has printed, and nobody else on this machine. The token stands
 * in the fragment, which no browser sends: a script changes it for a cookie that scripts can't read and other sites can't use.
 */
import { hash, randomBytes, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => hash("sha256", text, "buffer");

const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const secret = (): string => randomBytes(32).toString("base64url");

const sessionPath = "/console-session";
const scriptPath = `${sessionPath}.js`;

const script = `const token = new URLSearchParams(location.hash.slice(1)).get("token");
const say = (text) => { document.querySelector("p").textContent = text; };
if (token === null) say("Open the address that spot console has printed.");
else {
  const answer = await fetch("${sessionPath}", { method: "POST", body: token });
  if (answer.ok) location.replace(location.pathname);
  else say("This address is of an earlier start: open the one that spot console has printed last.");
}
`;

const document = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Spot Optimizer</title>
    <script type="module" src="${scriptPath}"></script>
  </head>
  <body><p role="status">Opening the console …</p></body>
</html>
`;

const headers = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export interface Session {
  /** For the fragment of the address. */
  readonly token: string;
  /** Undefined: it is let in. Else what it is answered. */
  readonly refusal: (request: Request) => Promise<Response | undefined>;
}

/** @param nameOf of the cookie, by the port: cookies of one host are shared by all its ports */
export const openSession = (nameOf: () => string): Session => {
  const token = secret();
  const key = secret();
  const cookies = (request: Request): readonly string[] =>
    (request.headers.get("cookie") ?? "").split(/; */);
  const isIn = (request: Request): boolean =>
    cookies(request).some((cookie) => isSame(cookie, `${nameOf()}=${key}`));
  const enter = async (request: Request): Promise<Response> =>
    isSame(await request.text(), token)
      ? new Response(null, {
          status: 204,
          headers: {
            ...headers,
            "set-cookie": `${nameOf()}=${key}; HttpOnly; SameSite=Strict; Path=/`,
          },
        })
      : new Response(null, { status: 403, headers });
  const told = (text: string, type: string): Response =>
    new Response(text, { headers: { ...headers, "content-type": `${type}; charset=utf-8` } });
  return {
    token,
    refusal: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "POST" && pathname === sessionPath) return enter(request);
      if (request.method === "GET" && pathname === scriptPath)
        return told(script, "text/javascript");
      if (isIn(request)) return undefined;
      return pathname.startsWith("/api/") || request.method !== "GET"
        ? new Response(null, { status: 401, headers })
        : told(document, "text/html");
    },
  };
};
