/**
 * Contracts and accounts that many people send money to or trust, on Ethereum: whatever looks like them is made to deceive. An operator adds
 * to them. The case of letters is their checksum, which a test holds them to.
 */
export const KNOWN_ADDRESSES: readonly (readonly [name: string, address: string])[] = [
  ['USDT', '0xdAC17F958D2ee523a2206206994597C13D831ec7'],
  ['USDC', '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'],
  ['DAI', '0x6B175474E89094C44Da98b954EedeAC495271d0F'],
  ['WETH', '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'],
  ['WBTC', '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599'],
  ['LINK', '0x514910771AF9Ca656af840dff83E8264EcF986CA'],
  ['stETH', '0xae7ab96520DE3A18E5e111B5EaAb095312D7fE84'],
  ['UNI', '0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984'],
  ['Uniswap V2 router', '0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D'],
  ['Uniswap V3 router', '0xE592427A0AEce92De3Edee1F18E0157C05861564'],
  ['Uniswap V3 router 2', '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45'],
  ['Uniswap V4 pool manager', '0x000000000004444c5dc75cB358380D2e3dE08A90'],
  ['Permit2', '0x000000000022D473030F116dDEE9F6B43aC78BA3'],
  ['1inch router 5', '0x1111111254EEB25477B68fb85Ed929f73A960582'],
  ['Aave V3 pool', '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2'],
  ['Seaport 1.5', '0x00000000000000ADc04C56Bf30aC9d3c0aAF14dC'],
  ['ENS registry', '0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e'],
  ['Multicall3', '0xcA11bde05977b3631167028862bE2a173976CA11'],
  ['EntryPoint 0.6', '0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789'],
  ['Beacon deposit contract', '0x00000000219ab540356cBB839Cbe05303d7705Fa'],
  ['deterministic deployment proxy', '0x4e59b44847b379578588920cA78FbF26c0B4956C'],
  ['vitalik.eth', '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'],
]
