/** Starts the console in the page. */
import { render } from "preact";
import { App } from "./app.tsx";
import { followLinks } from "./route.ts";

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no element with the id app.");
followLinks(root);
render(<App />, root);
