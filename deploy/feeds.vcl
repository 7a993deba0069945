# Varnish before the service: keeps public feeds as long as they say (five minutes), nothing else.
# varnishd -a :8080 -f /etc/gsef-notify/feeds.vcl -s malloc,1g
vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_recv {
    # Who subscribed is known by the address alone; personal addresses never go into the cache.
    if (req.url ~ "^/(my|rsvp|unsubscribe)/" || req.url !~ "^[^?]*\.(ics|xml|json)(\?|$)") {
        return (pass);
    }
    unset req.http.Cookie;
    # Feeds vary by the program that asks only in whether it may get gzip: two copies instead of thousands.
    if (req.http.User-Agent ~ "(?i)outlook|microsoft|ms-office|exchange") {
        set req.http.User-Agent = "Outlook";
    } else {
        set req.http.User-Agent = "other";
    }
}

sub vcl_backend_response {
    # The service says must-revalidate: nothing stale is served, and what is old is asked for by its ETag.
    set beresp.grace = 0s;
    set beresp.keep = 1d;
}
