// JavaScript, because the runner of policy packs hands TypeScript to a compiler that is older than this code.
import { servePolicies } from "./pack.ts";

servePolicies();
