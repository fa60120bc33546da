package convert

import (
	"fmt"
	"net"
	"net/netip"
)

// IPFromAddr converts an IP address. The zero address is nil. An address that would come back as another is an error: one with a
// zone, and an IPv4 address in the form of an IPv6 address.
func IPFromAddr(a netip.Addr) (net.IP, error) {
	if a.Zone() != "" || a.Is4In6() {
		return nil, outOfRange[net.IP](a)
	}
	return a.AsSlice(), nil
}

// AddrFromIP converts an IP address. nil is the zero address; another number of bytes than 4 or 16 is an error.
func AddrFromIP(ip net.IP) (netip.Addr, error) {
	if len(ip) == 0 {
		return netip.Addr{}, nil
	}
	a, ok := netip.AddrFromSlice(ip)
	if !ok {
		return netip.Addr{}, fmt.Errorf("an IP address of %d bytes: %w", len(ip), ErrSyntax)
	}
	return a.Unmap(), nil
}
