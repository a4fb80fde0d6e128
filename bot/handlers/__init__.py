"""The messengers: each turns what it brings into events, and screens into what it can show. The only room that knows them."""
