/** What an access token is asked for: Google's registries know no narrower scope that both of them accept. Source: fluxcd/pkg, auth/gcp. */
export const googleScope = 'https://www.googleapis.com/auth/cloud-platform'
