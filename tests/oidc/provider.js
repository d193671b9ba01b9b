// A certified OpenID provider on loopback, with its own development login pages and keys.
// Run as: node provider.js PORT CLIENT SECRET REDIRECT_URI. It prints "ready" when it listens.
import Provider from "oidc-provider";

const [port, client, secret, back] = process.argv.slice(2);

const ROLES = { sam: ["Hub.Worker"], dale: ["Officer"] };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: client,
    client_secret: secret,
    redirect_uris: [back],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  claims: { openid: ["sub"], profile: ["name", "roles", "work"] },
  conformIdTokenClaims: false, // roles in the ID token, as Entra ID gives them
  pkce: { required: () => true },
  cookies: { keys: ["for tests on loopback alone"] },
  features: { devInteractions: { enabled: true } },
  findAccount: async (_context, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, name: `Name of ${id}`, roles: ROLES[id] ?? [], work: { force: "marskley" } }),
  }),
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
